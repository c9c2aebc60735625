# Watermarks: a picture that is kept, listed, burned into a video at its creation, and deleted.

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.video_clip import VideoClip
from apivideo.model.video_watermark import VideoWatermark

from conftest import when_encoded


@pytest.fixture
def watermark(watermarks, media):
    with (media / "test.png").open("rb") as picture:
        made = watermarks.upload(picture)
    yield made
    watermarks.delete(made.watermark_id)


def test_a_watermark_is_listed(watermarks, watermark):
    assert watermark.watermark_id.startswith("watermark_")
    for order in ("asc", "desc"):
        listed = watermarks.list(sort_by="createdAt", sort_order=order)
        assert watermark in listed.data
    assert watermarks.list(page_size=1).pagination.page_size == 1


def test_a_watermarked_clip_can_be_watched(new_video, videos, watermark, media):
    mark = VideoWatermark(id=watermark.watermark_id, top="10px", right="10px", width="20%", opacity="50%")
    clip = VideoClip(start_timecode="00:00:00", end_timecode="00:00:01")
    video_id = new_video("marked", watermark=mark, clip=clip).video_id
    with (media / "558k.mp4").open("rb") as film:
        videos.upload(video_id, film)
    when_encoded(videos, video_id)
    assert videos.get_status(video_id).encoding.metadata.duration == 1


def test_only_pictures_are_watermarks(watermarks, media):
    before = watermarks.list().pagination.items_total
    with (media / "en.vtt").open("rb") as text, pytest.raises(ApiException) as refused:
        watermarks.upload(text)
    assert refused.value.status == 400
    assert watermarks.list().pagination.items_total == before


def test_an_unknown_watermark_marks_nothing(videos, new_video):
    before = videos.list().pagination.items_total
    with pytest.raises(ApiException) as refused:
        new_video("unmarked", watermark=VideoWatermark(id="watermark_1BWr2L5MTQwxGkuxKjzh6i"))
    assert refused.value.status == 400
    assert videos.list().pagination.items_total == before


def test_a_deleted_watermark_is_gone(watermarks, media):
    with (media / "test.jpg").open("rb") as picture:
        made = watermarks.upload(picture)
    watermarks.delete(made.watermark_id)
    assert made not in watermarks.list().data
    with pytest.raises(NotFoundException):
        watermarks.delete(made.watermark_id)
