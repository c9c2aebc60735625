//! `/players`: themes of the embed page.

use admit_db::{
    Paging,
    players::{self, SortBy},
    videos::Order,
};
use admit_domain::{
    id::PlayerId,
    image::Image,
    limits::{LINK_CHARS_MAX, LOGO_BYTES_MAX, LOGO_HEIGHT_PIXELS_MAX, LOGO_WIDTH_PIXELS_MAX, PLAYER_NAME_CHARS_MAX},
    player::{PARTS, Player, Theme, is_colour},
};
use axum::{
    Json,
    extract::{Multipart, Path, RawQuery, State, multipart::MultipartRejection},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    list,
    multipart::small_form,
    page::{List, Page},
    wire::atom,
};
use crate::{
    actions::{
        create_player::create_player,
        delete_player::delete_player,
        set_logo::{NewLogo, set_logo},
        update_player::update_player,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// What is said about a theme, when it is created and when it is changed. Colours are spelled `rgba(255, 255, 255, 1)`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ThemeBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(flatten)]
    colours: Colours,
    /// May the page around the frame steer the player?
    enable_api: Option<bool>,
    enable_controls: Option<bool>,
    force_autoplay: Option<bool>,
    hide_title: Option<bool>,
    force_loop: Option<bool>,
}

/// In the order of the domain's list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Colours {
    text: Option<String>,
    link: Option<String>,
    link_hover: Option<String>,
    link_active: Option<String>,
    track_played: Option<String>,
    track_unplayed: Option<String>,
    track_background: Option<String>,
    background_top: Option<String>,
    background_bottom: Option<String>,
    background_text: Option<String>,
}

impl From<Colours> for [Option<String>; PARTS.len()] {
    fn from(c: Colours) -> Self {
        let tracks = [c.track_played, c.track_unplayed, c.track_background];
        let backgrounds = [c.background_top, c.background_bottom, c.background_text];
        let ([played, unplayed, behind], [top, bottom, text]) = (tracks, backgrounds);
        [c.text, c.link, c.link_hover, c.link_active, played, unplayed, behind, top, bottom, text]
    }
}

impl From<[String; PARTS.len()]> for Colours {
    fn from(colours: [String; PARTS.len()]) -> Self {
        let [
            text,
            link,
            link_hover,
            link_active,
            track_played,
            track_unplayed,
            track_background,
            background_top,
            background_bottom,
            background_text,
        ] = colours.map(Some);
        Self {
            text,
            link,
            link_hover,
            link_active,
            track_played,
            track_unplayed,
            track_background,
            background_top,
            background_bottom,
            background_text,
        }
    }
}

impl ThemeBody {
    /// Lays what was said over what was known; all its faults at once.
    fn over(self, mut known: Theme) -> Result<Theme, ApiError> {
        let mut faults = Vec::new();
        for ((part, slot), wished) in PARTS.iter().zip(&mut known.colours).zip(<[_; PARTS.len()]>::from(self.colours)) {
            match wished {
                Some(colour) if is_colour(&colour) => *slot = colour,
                Some(_) => faults.push(ApiError::invalid_attribute(
                    *part,
                    "This value must be a colour like \"rgba(255, 255, 255, 1)\".",
                )),
                None => {}
            }
        }
        let name = self.name.unwrap_or(known.name);
        faults.extend(check::text("name", &name, PLAYER_NAME_CHARS_MAX));
        match ApiError::all(faults) {
            Some(error) => Err(error),
            None => Ok(Theme {
                name,
                colours: known.colours,
                enable_api: self.enable_api.unwrap_or(known.enable_api),
                enable_controls: self.enable_controls.unwrap_or(known.enable_controls),
                force_autoplay: self.force_autoplay.unwrap_or(known.force_autoplay),
                hide_title: self.hide_title.unwrap_or(known.hide_title),
                force_loop: self.force_loop.unwrap_or(known.force_loop),
            }),
        }
    }
}

impl From<Theme> for ThemeBody {
    fn from(theme: Theme) -> Self {
        Self {
            name: Some(theme.name).filter(|name| !name.is_empty()),
            colours: theme.colours.into(),
            enable_api: Some(theme.enable_api),
            enable_controls: Some(theme.enable_controls),
            force_autoplay: Some(theme.force_autoplay),
            hide_title: Some(theme.hide_title),
            force_loop: Some(theme.force_loop),
        }
    }
}

/// A theme, with everything it leaves to the house filled in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlayerBody {
    player_id: String,
    created_at: String,
    updated_at: String,
    #[serde(flatten)]
    theme: ThemeBody,
    assets: LogoBody,
}

/// Empty when there is no logo.
#[derive(Serialize, ToSchema)]
struct LogoBody {
    /// Where the picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// Where a click on it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl PlayerBody {
    fn of(app: &App, player: Player) -> Self {
        let logo = player.logo.as_ref().map(|_| format!("{}/player/{}/logo.png", app.bases.vod, player.id));
        Self {
            player_id: player.id.to_string(),
            created_at: atom(player.created_at),
            updated_at: atom(player.updated_at),
            theme: player.theme.into(),
            assets: LogoBody { logo, link: player.logo.and_then(|logo| logo.link) },
        }
    }
}

/// Create a theme. What is not said is as the house has it.
#[utoipa::path(post, path = "/players", tag = "Player themes", request_body = ThemeBody, responses(
    (status = 201, body = PlayerBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<PlayerBody>), ApiError> {
    let theme = check::json::<ThemeBody>(&body)?.over(Theme::default())?;
    let player = create_player(&app, caller, theme).await?;
    Ok((StatusCode::CREATED, Json(PlayerBody::of(&app, player))))
}

/// List themes, sorted and by pages.
#[utoipa::path(get, path = "/players", tag = "Player themes", params(
    ("sortBy" = Option<String>, Query, description = "`name`, `createdAt` or `updatedAt`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<PlayerBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<PlayerBody>>, ApiError> {
    let pairs = list::pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let columns = [("createdAt", SortBy::CreatedAt), ("name", SortBy::Name), ("updatedAt", SortBy::UpdatedAt)];
    let sort = list::sort_among(&pairs, &columns, Order::Descending)?;
    let paging = Paging { page: page.number, size: page.size };
    let found = players::list(&app.db, &caller.project, sort, paging).await?;
    let bodies = found.items.into_iter().map(|player| PlayerBody::of(&app, player)).collect();
    Ok(Json(page.wrap("/players", bodies, found.total)))
}

/// Read a theme.
#[utoipa::path(get, path = "/players/{playerId}", tag = "Player themes", params(("playerId" = String, Path)), responses(
    (status = 200, body = PlayerBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<Json<PlayerBody>, ApiError> {
    let player = read(&app, caller, read_id(&id)?).await?;
    Ok(Json(PlayerBody::of(&app, player)))
}

/// Change a theme. Absent attributes stay as they are.
#[utoipa::path(patch, path = "/players/{playerId}", tag = "Player themes", params(("playerId" = String, Path)),
    request_body = ThemeBody, responses((status = 200, body = PlayerBody), (status = 400, body = Problem),
    (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn patch(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<PlayerBody>, ApiError> {
    let id = read_id(&id)?;
    let body: ThemeBody = check::json(&body)?;
    let theme = body.over(read(&app, caller, id).await?.theme)?;
    update_player(&app, caller, id, &theme).await?;
    Ok(Json(PlayerBody::of(&app, read(&app, caller, id).await?)))
}

/// Delete a theme. What had it looks as the house does.
#[utoipa::path(delete, path = "/players/{playerId}", tag = "Player themes", params(("playerId" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    delete_player(&app, caller, read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A form with a picture, and where a click on it leads.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form in the OpenAPI document")]
pub struct LogoForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    link: Option<String>,
}

/// Upload a logo: a JPEG or PNG picture of at most 200 x 100 pixels and 100 KiB.
#[utoipa::path(post, path = "/players/{playerId}/logo", tag = "Player themes", params(("playerId" = String, Path)),
    request_body(content = LogoForm, content_type = "multipart/form-data"),
    responses((status = 201, body = PlayerBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload_logo(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<PlayerBody>), ApiError> {
    let id = read_id(&id)?;
    read(&app, caller, id).await?;
    let (image, said) = small_form(form, LOGO_BYTES_MAX).await?;
    let Some(size) = Image::read(&image) else {
        let title = "Only ['jpg', 'JPG', 'jpeg', 'JPEG', 'png', 'PNG'] extensions are supported.";
        return Err(ApiError::unsupported_file(title));
    };
    if size.width > LOGO_WIDTH_PIXELS_MAX || size.height > LOGO_HEIGHT_PIXELS_MAX {
        return Err(ApiError::picture_too_large(LOGO_WIDTH_PIXELS_MAX, LOGO_HEIGHT_PIXELS_MAX));
    }
    let link = said.field("link").map(str::to_owned);
    if link.as_deref().is_some_and(|link| !is_web_address(link)) {
        return Err(ApiError::invalid_attribute(
            "link",
            "This value must be an address that begins with https:// or http://.",
        ));
    }
    let player = set_logo(&app, caller, id, Some(NewLogo { image, link })).await?;
    Ok((StatusCode::CREATED, Json(PlayerBody::of(&app, player))))
}

/// Delete the logo of a theme.
#[utoipa::path(delete, path = "/players/{playerId}/logo", tag = "Player themes", params(("playerId" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete_logo(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    set_logo(&app, caller, read_id(&id)?, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A page may lead there: nothing that a browser would run instead.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    let is_plain = link.len() <= LINK_CHARS_MAX && !link.contains(|c: char| c.is_control() || c.is_whitespace());
    is_plain && rest.is_some_and(|rest| !rest.is_empty())
}

fn read_id(text: &str) -> Result<PlayerId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("playerId"))
}

async fn read(app: &App, caller: Caller, id: PlayerId) -> Result<Player, ApiError> {
    players::get(&app.db, &caller.project, &id).await?.ok_or_else(|| ApiError::not_found("playerId"))
}

/// The theme that a video or a live stream is wished to have, which must be one of the project's.
#[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
pub(super) async fn wished(
    app: &App,
    caller: Caller,
    wish: Option<Option<String>>,
) -> Result<Option<Option<PlayerId>>, ApiError> {
    let Some(Some(text)) = wish else { return Ok(wish.map(|_| None)) };
    let unknown = || ApiError::invalid_attribute("playerId", "This player does not exist.");
    let id = text.parse().map_err(|_| unknown())?;
    let known = players::get(&app.db, &caller.project, &id).await?;
    Ok(Some(Some(known.ok_or_else(unknown)?.id)))
}
