# Captions and chapters: WebVTT beside a video, one of a language each.

import json
import urllib.error
import urllib.request

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.captions_update_payload import CaptionsUpdatePayload


@pytest.fixture
def vtt(media):
    """Opened anew each time: the client closes what it has sent."""
    return lambda: (media / "en.vtt").open("rb")


@pytest.fixture(params=["captions", "chapters"])
def texts(request):
    return request.getfixturevalue(request.param)


def test_captions_are_kept_and_served(new_video, captions, vtt, media):
    video_id = new_video().video_id
    made = captions.upload(video_id, "en", vtt())
    assert made.uri == f"/videos/{video_id}/captions/en"
    assert made.src.endswith(f"/vod/{video_id}/captions/en.vtt")
    assert (made.srclang, made.default) == ("en", False)
    assert captions.get(video_id, "en") == made
    with urllib.request.urlopen(made.src) as answer:
        assert answer.headers["content-type"].startswith("text/vtt")
        assert answer.read() == (media / "en.vtt").read_bytes()


def test_one_caption_is_the_default(new_video, captions, vtt):
    video_id = new_video().video_id
    for language in ("en", "fr-BE"):
        captions.upload(video_id, language, vtt())
    assert captions.update(video_id, "en", CaptionsUpdatePayload(default=True)).default is True
    assert captions.update(video_id, "fr-BE", CaptionsUpdatePayload(default=True)).default is True
    page = captions.list(video_id)
    assert {caption.srclang: caption.default for caption in page.data} == {"en": False, "fr-BE": True}
    assert captions.update(video_id, "fr-BE", CaptionsUpdatePayload(default=False)).default is False


def test_texts_of_a_private_video_need_its_session(new_video, texts, vtt):
    """Neither a bare address nor the token alone opens them, and the token is still whole after that."""
    video_id = new_video(public=False).video_id
    src = texts.upload(video_id, "en", vtt()).src
    base, token = src.split("/vod/")[0], src.split("/token/")[1].split("/")[0]
    for address in (src, src.replace(f"/token/{token}", "")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address)
        assert refused.value.code == 404, address
    with urllib.request.urlopen(f"{base}/vod/{video_id}/token/{token}/session") as answer:
        session = json.load(answer)["session_token"]
    with urllib.request.urlopen(f"{src}?avh={session}") as answer:
        assert answer.read().startswith(b"WEBVTT")


def test_chapters_are_kept_and_served(new_video, chapters, vtt, media):
    video_id = new_video().video_id
    made = chapters.upload(video_id, "en", vtt())
    assert made.uri == f"/videos/{video_id}/chapters/en"
    assert made.language == "en"
    assert chapters.get(video_id, "en") == made
    with urllib.request.urlopen(made.src) as answer:
        assert answer.read() == (media / "en.vtt").read_bytes()


def test_texts_are_listed_in_pages(new_video, texts, vtt):
    video_id = new_video().video_id
    assert texts.list(video_id).data == []
    for language in ("en", "fr", "de"):
        texts.upload(video_id, language, vtt())
    page = texts.list(video_id, current_page=2, page_size=2)
    assert (len(page.data), page.pagination.items_total, page.pagination.pages_total) == (1, 3, 2)


def test_a_deleted_text_is_gone(new_video, texts, vtt):
    video_id = new_video().video_id
    made = texts.upload(video_id, "en", vtt())
    texts.delete(video_id, "en")
    for call in (texts.get, texts.delete):
        with pytest.raises(NotFoundException) as missing:
            call(video_id, "en")
        assert json.loads(missing.value.body)["type"].endswith("/resource-not-found")
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(made.src)
    assert gone.value.code == 404
    assert texts.list(video_id).data == []


def test_a_wrong_language_or_file_is_refused(new_video, texts, vtt, media):
    video_id = new_video().video_id
    for language in ("e_n", "toolonglanguage", "1"):
        with pytest.raises(ApiException) as refused:
            texts.upload(video_id, language, vtt())
        assert refused.value.status == 400, language
    with (media / "test.jpg").open("rb") as picture, pytest.raises(ApiException) as refused:
        texts.upload(video_id, "en", picture)
    assert refused.value.status == 400
    assert texts.list(video_id).data == []
