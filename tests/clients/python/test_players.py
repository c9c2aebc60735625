# Player themes: defaults are filled in, what is set is kept, and a logo has its address.

import json
import urllib.request

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.player_theme_creation_payload import PlayerThemeCreationPayload
from apivideo.model.player_theme_update_payload import PlayerThemeUpdatePayload

WHITE = "rgba(255, 255, 255, 1)"


@pytest.fixture
def new_player(players):
    made = []

    def make(**about):
        made.append(players.create(PlayerThemeCreationPayload(**about)))
        return made[-1]

    yield make
    for player in made:
        try:
            players.delete(player.player_id)
        except NotFoundException:
            pass


def test_defaults_are_filled_in(new_player, players):
    player = new_player()
    assert player.player_id.startswith("pl")
    for name in ("text", "link", "link_hover", "link_active", "background_text"):
        assert player[name] == WHITE
    assert player.track_played == "rgba(88, 131, 255, .95)"
    assert player.track_unplayed == "rgba(255, 255, 255, .35)"
    assert player.track_background == "rgba(255, 255, 255, .2)"
    assert player.background_top == player.background_bottom == "rgba(0, 0, 0, .7)"
    switches = (player.enable_api, player.enable_controls, player.force_autoplay, player.hide_title, player.force_loop)
    assert switches == (True, True, False, False, False)
    assert "logo" not in player.assets
    assert players.get(player.player_id) == player


def test_what_is_set_is_kept(new_player, players):
    player = new_player(name="set", text="rgba(1, 2, 3, .5)", hide_title=True)
    assert (player.name, player.text, player.hide_title) == ("set", "rgba(1, 2, 3, .5)", True)
    after = players.update(player.player_id, PlayerThemeUpdatePayload(name="other", force_loop=True))
    assert (after.name, after.text, after.hide_title, after.force_loop) == ("other", "rgba(1, 2, 3, .5)", True, True)
    assert after.updated_at >= player.updated_at
    assert players.get(player.player_id) == after


def test_a_logo_comes_and_goes(new_player, players, media):
    player = new_player(name="with a logo")
    with (media / "test.png").open("rb") as logo:
        after = players.upload_logo(player.player_id, logo, link="https://example.org/")
    assert after.assets.link == "https://example.org/"
    assert after.assets.logo.endswith(f"/player/{player.player_id}/logo.png")
    with urllib.request.urlopen(after.assets.logo) as answer:
        assert answer.read() == (media / "test.png").read_bytes()
    players.delete_logo(player.player_id)
    assert "logo" not in players.get(player.player_id).assets
    with pytest.raises(urllib.error.HTTPError) as gone:
        urllib.request.urlopen(after.assets.logo)
    assert gone.value.code == 404


def test_a_wrong_logo_is_refused(new_player, players, media):
    player = new_player()
    for name in ("test.jpg", "en.vtt"):
        with (media / name).open("rb") as file, pytest.raises(ApiException) as refused:
            players.upload_logo(player.player_id, file, link="https://example.org/")
        assert refused.value.status == 400, f"{name}: larger than 200 by 100, or no picture"
    assert "logo" not in players.get(player.player_id).assets


def test_players_are_listed_and_sorted(new_player, players):
    made = [new_player(name=name).player_id for name in ("listed-b", "listed-a", "listed-c")]
    by_name = [made[1], made[0], made[2]]
    listed = [player.player_id for player in players.list(sort_by="name", sort_order="asc").data]
    assert [player for player in listed if player in made] == by_name
    listed = [player.player_id for player in players.list(sort_by="name", sort_order="desc").data]
    assert [player for player in listed if player in made] == by_name[::-1]
    for by in ("createdAt", "updatedAt"):
        assert {player.player_id for player in players.list(sort_by=by).data} >= set(made)
    page = players.list(page_size=1)
    assert (len(page.data), page.pagination.page_size) == (1, 1)


def test_a_deleted_player_is_gone(new_player, players):
    player_id = new_player().player_id
    players.delete(player_id)
    for call in (players.get, players.delete):
        with pytest.raises(NotFoundException) as missing:
            call(player_id)
        assert json.loads(missing.value.body)["name"] == "playerId"
