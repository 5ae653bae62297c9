"""Ids that change hands: whoever adds a table with a chat or a person in it decides here what becomes of it."""

from tests.fresh import new_store

MOVED_WITH_THE_CHAT = {
    "cards.chat", "case_messages.chat", "cases.reported_chat", "chats.chat", "drafts.chat", "loose.chat", "outbox.chat",
    "search_chats.chat", "searchers.chat", "broadcast_chats.chat", "mode_titles.chat",
}  # fmt: skip
"""`Chats.rekey` knows them."""

NEVER_MOVED = {
    "accounts.private_chat", "claims.chat", "hearing_groups.chat", "knocks.chat", "passings.chat",
    "unsigned_letters.chat", "ways_back.chat", "web_messages.chat",
}  # fmt: skip
"""Only a group gets a new id, and the web chat's rooms never do."""

MERGED_WITH_THE_PERSON = {
    "accounts.person", "appointments.person", "cases.reporter", "cases.responder", "searchers.person",
    "searches.reporter", "sightings.person", "mediations.other_person", "mediations.other_invited",
    "mediation_helpers.person", "broadcasts.author", "broadcasts.approver",
    "schedules.author", "receipts.person", "rotas.holder", "rota_members.person", "duty_days.person",
    "duty_absences.person", "swaps.asker", "swaps.other", "pages.person",
    "modes.author", "modes.ended_by",
    "checkins.person", "checkins.author", "checkins.contact", "checkins.goer",
    "digests_declined.person",
    "sweeps.author", "sweeps.holder", "sweep_households.person",
    "claims.person", "invitations.person",
}  # fmt: skip
"""`People.merge` knows them."""

NEVER_MERGED = {
    "case_log.person",
    "broadcast_log.person",
    "receipt_log.person",
    "sweep_log.person",
    "checkin_log.person",
    "invitations.used_by",
    "claims.claimant",
}
"""The logs are append-only and tell who it was then; so does an invitation, and a claim is worth nothing once its
claimant is somebody else."""


async def test_every_chat_that_can_get_a_new_id_is_known() -> None:
    found = {f"{table}.{column}" for table, column, _refers in await _columns() if column.endswith("chat")}
    assert found == MOVED_WITH_THE_CHAT | NEVER_MOVED


async def test_every_person_who_can_be_merged_is_known() -> None:
    found = {f"{table}.{column}" for table, column, refers in await _columns() if refers == "people"}
    assert found == MERGED_WITH_THE_PERSON | NEVER_MERGED


async def _columns() -> list[tuple[str, str, str | None]]:
    """Table, column, and the table it refers to, of the newest schema."""
    store = await new_store()
    async with store.transaction():
        rows = await store.db.all(
            """SELECT tables.name, columns.name, refers."table" FROM sqlite_master AS tables
               JOIN pragma_table_info(tables.name) AS columns
               LEFT JOIN pragma_foreign_key_list(tables.name) AS refers ON refers."from" = columns.name
               WHERE tables.type = 'table'"""
        )
    await store.close()
    return [(row[0], row[1], row[2]) for row in rows]
