// What stands on the screen: the film with its controls, the big Play button of a closed door, and a line of words.

/** media-chrome keeps a viewer's volume and language in a storage, and breaks where it may not. */
const FORGETFUL = "nosubtitleslangpref novolumepref nomutedpref";

/**
 * `data-control` is what the player SDK calls a control. The controls' names for screen readers and the keyboard
 * shortcuts come with media-chrome; `?` lists the latter.
 */
export function screen({ remembers }: { remembers: boolean }): string {
  return `
<media-controller class="film" ${remembers ? "" : FORGETFUL} hidden>
  <hls-video slot="media" playsinline></hls-video>
  <div class="poster" slot="poster"></div>
  <div class="top" slot="top-chrome">
    <p class="title"></p>
    <media-mute-button class="unmute"></media-mute-button>
    <a class="logo" target="_blank" rel="noopener noreferrer" hidden><img alt=""></a>
  </div>
  <media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
  <media-play-button class="start" data-control="play" slot="centered-chrome"></media-play-button>
  <media-settings-menu hidden anchor="auto">
    <media-settings-menu-item data-control="playbackRate">
      Speed
      <media-playback-rate-menu slot="submenu" hidden><div slot="title">Speed</div></media-playback-rate-menu>
    </media-settings-menu-item>
    <media-settings-menu-item data-control="more">
      Quality
      <media-rendition-menu slot="submenu" hidden><div slot="title">Quality</div></media-rendition-menu>
    </media-settings-menu-item>
    <media-settings-menu-item data-control="subtitles">
      Captions
      <media-captions-menu slot="submenu" hidden><div slot="title">Captions</div></media-captions-menu>
    </media-settings-menu-item>
  </media-settings-menu>
  <media-control-bar>
    <media-play-button data-control="play"></media-play-button>
    <media-mute-button data-control="volume"></media-mute-button>
    <media-volume-range data-control="volume"></media-volume-range>
    <media-time-range data-control="progressBar">
      <media-preview-thumbnail slot="preview"></media-preview-thumbnail>
      <media-preview-chapter-display slot="preview"></media-preview-chapter-display>
      <media-preview-time-display slot="preview"></media-preview-time-display>
    </media-time-range>
    <media-time-display showduration data-control="progressBar"></media-time-display>
    <media-captions-button data-control="subtitles"></media-captions-button>
    <media-settings-menu-button></media-settings-menu-button>
    <media-airplay-button data-control="chromecast"></media-airplay-button>
    <media-pip-button data-control="pictureInPicture"></media-pip-button>
    <media-fullscreen-button data-control="fullscreen"></media-fullscreen-button>
  </media-control-bar>
</media-controller>
<button class="door" type="button" hidden><span aria-hidden="true"></span>Play</button>
<p class="words" role="status"></p>
`;
}
