# Webhooks as records: made, found by their events, deleted. What is sent to them is tested in the house.

import pytest
from apivideo.exceptions import ApiException, NotFoundException
from apivideo.model.webhooks_creation_payload import WebhooksCreationPayload

STARTED, ENDED = "live-stream.broadcast.started", "live-stream.broadcast.ended"
ADDRESS = "https://hooks.example.org/admit"


@pytest.fixture
def new_webhook(webhooks):
    made = []

    def make(*events):
        made.append(webhooks.create(WebhooksCreationPayload(events=list(events), url=ADDRESS)))
        return made[-1]

    yield make
    for webhook in made:
        webhooks.delete(webhook.webhook_id)


def test_a_webhook_has_a_secret(new_webhook, webhooks):
    made = new_webhook(STARTED, ENDED)
    assert made.webhook_id.startswith("webhook_")
    assert made.signature_secret.startswith("sig_sec_")
    assert (sorted(made.events), made.url) == (sorted([STARTED, ENDED]), ADDRESS)
    assert webhooks.get(made.webhook_id) == made
    assert new_webhook(STARTED).signature_secret != made.signature_secret


def test_webhooks_are_found_by_their_events(new_webhook, webhooks):
    both, one = new_webhook(STARTED, ENDED).webhook_id, new_webhook(ENDED).webhook_id
    assert {hook.webhook_id for hook in webhooks.list().data} >= {both, one}
    found = {hook.webhook_id for hook in webhooks.list(events=STARTED).data}
    assert both in found and one not in found
    page = webhooks.list(page_size=1)
    assert (len(page.data), page.pagination.page_size) == (1, 1)


def test_a_deleted_webhook_is_gone(webhooks):
    made = webhooks.create(WebhooksCreationPayload(events=[ENDED], url=ADDRESS))
    webhooks.delete(made.webhook_id)
    for call in (webhooks.get, webhooks.delete):
        with pytest.raises(NotFoundException):
            call(made.webhook_id)
    assert made.webhook_id not in {hook.webhook_id for hook in webhooks.list().data}


@pytest.mark.parametrize(
    "body",
    [
        {"url": ADDRESS},
        {"events": [STARTED]},
        {"events": [], "url": ADDRESS},
        {"events": ["nothing.happened"], "url": ADDRESS},
        {"events": [STARTED], "url": "not an address"},
        {"events": [STARTED], "url": "ftp://hooks.example.org/"},
    ],
)
def test_a_wrong_webhook_is_refused(webhooks, door, body):
    before = webhooks.list().pagination.items_total
    assert door.ask("POST", "/webhooks", body)[0] == 400
    assert webhooks.list().pagination.items_total == before


def test_the_client_hears_why(webhooks):
    with pytest.raises(ApiException) as refused:
        webhooks.create(WebhooksCreationPayload(events=[STARTED], url="nowhere"))
    assert refused.value.status == 400 and "url" in str(refused.value.body)
