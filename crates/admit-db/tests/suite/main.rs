//! One suite, run on both databases: what one promises, the other keeps.

mod access;
mod audit;
mod corruption;
mod credentials;
mod cuts;
mod database;
mod delegated;
mod desk;
mod discarded;
mod edits;
mod imports;
mod jobs;
mod list;
mod live_streams;
mod making;
mod players;
mod redeem;
mod revocations;
mod schema;
mod sessions;
mod store;
mod tenants;
mod timed_texts;
mod uploads;
mod videos;
mod watermarks;
mod webhooks;

/// Makes two tests of every case: one per database.
macro_rules! store_suite {
    ($($room:ident::$case:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                super::store::on_sqlite(super::$room::$case).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                super::store::on_postgres(super::$room::$case).await;
            })*
        }
    };
}

store_suite! {
    access::an_api_key_is_found_until_it_is_revoked,
    access::a_bearer_token_lives_as_long_as_its_key,
    access::a_refresh_token_is_used_once,
    access::expired_tokens_are_forgotten_a_few_at_a_time,
    audit::events_are_listed_latest_first,
    corruption::a_row_that_makes_no_sense_says_which,
    credentials::a_project_has_so_many_signing_keys,
    credentials::a_revoked_key_has_no_secret_and_signs_nothing,
    credentials::public_keys_are_fetched_by_one_at_a_time,
    credentials::a_page_key_is_found_until_it_is_revoked,
    credentials::an_embed_token_is_found_by_its_secret_and_its_kind,
    credentials::a_session_is_begun_once_and_counted,
    credentials::of_many_that_begin_as_many_as_may_do,
    credentials::nothing_lives_by_a_key_that_was_revoked,
    credentials::all_of_a_source_end_together,
    credentials::a_session_goes_on_for_its_viewer,
    credentials::what_ends_together_is_numbered_without_a_gap,
    cuts::who_holds_an_older_credential_begins_nothing,
    cuts::nothing_begins_between_an_end_and_a_cut,
    cuts::a_join_token_is_spent_once,
    cuts::what_edges_say_only_moves_on,
    database::what_was_not_committed_never_was,
    database::it_opens_twice_and_answers,
    delegated::a_token_counts_until_it_expires_or_is_deleted,
    delegated::a_piece_is_recognised_by_its_sender,
    delegated::a_project_keeps_its_settings,
    desk::of_many_redeems_of_a_credential_one_wins,
    desk::the_same_nonce_gets_the_same_session,
    desk::a_batch_that_fails_claims_nothing,
    desk::closing_answers_all_who_wait,
    discarded::a_discarded_video_is_in_one_list_alone,
    discarded::work_waits_for_its_day_unless_it_is_called_off,
    discarded::tags_are_counted_by_video,
    imports::an_address_is_forgotten_and_the_import_is_not,
    imports::a_project_imports_so_much_at_a_time,
    edits::an_edit_is_kept_as_it_was_wished,
    edits::a_copy_is_one_whatever_becomes_of_the_other,
    jobs::eight_workers_claim_every_job_once,
    jobs::the_first_in_line_is_claimed_first,
    jobs::the_same_work_is_not_queued_twice,
    jobs::a_worker_that_lost_its_lease_changes_nothing,
    jobs::a_renewed_lease_is_kept,
    jobs::what_was_given_back_is_as_if_it_had_waited,
    jobs::what_failed_is_tried_again_but_not_for_ever,
    jobs::what_was_cancelled_is_over,
    list::filters_all_hold_at_once,
    list::every_character_of_a_filter_stands_for_itself,
    list::sorting_is_stable_across_pages,
    list::letters_sort_alike_on_both,
    live_streams::a_live_stream_is_kept_changed_and_forgotten,
    live_streams::live_streams_are_filtered_and_sorted,
    players::a_theme_comes_back_as_it_was_stored,
    players::themes_are_sorted_alike_on_both,
    players::what_had_a_deleted_theme_has_none,
    redeem::a_lost_answer_may_be_asked_for_again_for_a_minute,
    redeem::a_session_that_was_ended_is_not_handed_out_again,
    redeem::a_redeem_is_recorded,
    revocations::what_says_nothing_any_more_is_deleted,
    revocations::the_log_has_no_gaps_and_no_latecomers,
    sessions::are_listed_filtered_and_ended,
    tenants::no_function_reaches_into_another_project,
    tenants::a_child_cannot_hang_below_a_strangers_video,
    timed_texts::a_language_is_the_same_in_any_case,
    timed_texts::what_an_edge_is_told_has_all_texts,
    uploads::parts_are_recorded_once,
    uploads::byte_ranges_are_recorded_under_their_first_byte,
    uploads::one_of_many_last_parts_sees_the_upload_complete,
    videos::a_video_comes_back_as_it_was_stored,
    videos::a_description_is_replaced_as_a_whole,
    videos::an_edition_is_replaced_only_by_who_knows_the_one_before,
    videos::a_wish_for_a_poster_is_remembered,
    videos::ingest_moves_on_once,
    videos::what_a_source_holds_and_what_is_made_of_it,
    videos::deleting_a_video_takes_its_parts_and_leaves_the_record,
    webhooks::a_webhook_comes_back_as_it_was_stored,
    webhooks::a_project_has_so_many_webhooks,
    webhooks::an_event_is_written_for_those_who_wish_to_hear,
    webhooks::a_delivery_is_in_one_hand,
    webhooks::a_project_hears_so_much_at_a_time,
    webhooks::what_is_given_up_too_often_is_counted,
    webhooks::the_record_of_a_webhook_is_bounded,
    webhooks::a_deleted_webhook_takes_what_waits_with_it,
    watermarks::watermarks_are_kept_listed_and_forgotten,
}
