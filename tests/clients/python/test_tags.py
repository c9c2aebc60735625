# Tags: every tag in use with the number of its videos.

import pytest


@pytest.fixture
def tagged(new_video):
    new_video(tags=["tagged Élan", "tagged beta"])
    new_video(tags=["tagged beta"])


def values(page):
    return [(tag.value, tag.video_count) for tag in page.data]


def test_tags_are_counted(tags, tagged):
    assert values(tags.list(value="tagged", sort_by="value", sort_order="asc")) == [("tagged beta", 2), ("tagged Élan", 1)]
    assert values(tags.list(value="tagged", sort_by="videoCount", sort_order="asc"))[0] == ("tagged Élan", 1)
    assert values(tags.list(value="tagged", sort_by="videoCount", sort_order="desc"))[0] == ("tagged beta", 2)


@pytest.mark.parametrize("value", ["élan", "ELAN", "elan", "d Él"])
def test_tags_are_found_whatever_their_case_and_accents(tags, tagged, value):
    assert values(tags.list(value=value)) == [("tagged Élan", 1)]


def test_tags_come_in_pages(tags, tagged):
    page = tags.list(value="tagged", page_size=1, current_page=2)
    assert (len(page.data), page.pagination.items_total, page.pagination.pages_total) == (1, 2, 2)
    assert tags.list(value="nobody tagged this").data == []
