"""The commands about members: `foyer members …`."""

from pathlib import Path

from cyclopts import App

from foyer.errors import UsageError
from foyer.files import hub_file
from foyer.language import speaker, tell
from plumbing.words import Sentence

members_app = App(name="members", help="The members the hub knows.")


@members_app.command(name="import")
def import_(file: Path, *, settings: Path | None = None, dry_run: bool = False) -> None:
    """Take members and their badges from a CSV file; if any line is wrong, nothing is changed.

    Args:
        file: With a header line; docs/operate.md shows the columns.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
        dry_run: Only say what would change, line by line.
    """
    from foyer.members import import_members, look, told_of

    hub = hub_file(settings)
    if dry_run:
        plan = look(hub, file)
        for sentence in told_of(plan, file):
            tell(sentence)
        members, badges, problems = 0, 0, plan.problems
    else:
        written = import_members(hub, file)
        members, badges, problems = written.members, written.badges, written.problems
    for problem in problems:
        tell(problem.told)
    if problems:
        raise UsageError(
            Sentence(
                "{file}: nothing was changed. Problems: {problems}, on lines: {lines}. "
                "Mend them and try again.",
                file=file,
                problems=len(problems),
                lines=len({problem.line for problem in problems}),
            )
        )
    if dry_run:
        tell(Sentence("{file}: every line is right; nothing was changed", file=file))
    else:
        done = Sentence(
            "{file}: it is in. Members: {members}, badges: {badges}.",
            file=file,
            members=members,
            badges=badges,
        )
        tell(done)


@members_app.command(name="pin")
def members_pin(who: str, *, remove: bool = False, settings: Path | None = None) -> None:
    """Give a member the PIN they choose: asked twice, or one line of standard input.

    Args:
        who: The member's whole name, or their id.
        remove: Take their PIN away instead.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.pins import look_up, remove_pin, set_pin, typed_pin

    file = hub_file(settings)
    if remove:
        remove_pin(file, who)
        tell(Sentence("the PIN is taken away"))
        return
    look_up(file, who)
    say = speaker()
    asked, again = Sentence("PIN: ").said(say), Sentence("The same again: ").said(say)
    set_pin(file, who, typed_pin(asked, again))
    tell(Sentence("the PIN is set; kiosks that are online know it within seconds"))
