"""What newcomers are written where no host wrote anything else, in every language there is."""

from collections.abc import Mapping

from plumbing.words import Say, Words
from sync.newcomers.wording import Message, Text, Texts


def ours(spoken: Mapping[str, Words]) -> Texts:
    """Return our own texts.

    Args:
        spoken: The words of every language, by its code.
    """
    return {
        (message, language): text
        for language, words in spoken.items()
        for message, text in _ours(words.gettext).items()
    }


def _ours(gettext: Say) -> Mapping[Message, Text]:
    return {
        Message.FIRST_DAY: Text(
            gettext("Glad you came, {name}"),
            gettext(
                "Hello {name},\n\nit was good to have you at {space}. Next time, tap your badge as you "
                "come in: the screen at the door tells you who is there whom you might like to know.\n\nIs "
                "there anything you looked for and did not find, or anybody you would like to meet? Just "
                "answer this message.\n\nSee you soon!"
            ),
        ),
        Message.NO_RETURN: Text(
            gettext("A coffee at {space}, {name}?"),
            gettext(
                "Hello {name},\n\nwe have not seen you at {space} for a little while, and would be glad "
                "to. Is there anything that would make it easier to come, a quieter desk, another time of "
                "day, somebody to meet?\n\nTell us when you next pass by: the coffee is on us."
            ),
        ),
        Message.ONE_MONTH: Text(
            gettext("A month at {space}, {name}"),
            gettext(
                "Hello {name},\n\nyou have been at {space} for a month. How is it? Whom did you meet, and "
                "what is still missing?\n\nOn your own page, behind the code on your greeting, you can "
                "write what you look for and what you offer: then the right people find you.\n\nThank you "
                "for being here!"
            ),
        ),
    }
