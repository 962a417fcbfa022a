"""What is asked about a class list, and what each answer does. Pure; any thread."""

from typing import assert_never

from kiosk.domain.courses.list_questions import Answer, Question, QuestionKind
from kiosk.translation import _


def question_words(question: Question) -> str:
    """What is open, as a sentence: what the kiosk has, and what the list says."""
    old, new = question.old, question.new
    match question.kind:
        case QuestionKind.OTHER_NAME:
            return _("The number belongs to {old}; the list says {new}.", old=old, new=new)
        case QuestionKind.ZEROS:
            return _("{new} may be {old}, whose zeros a spreadsheet took off.", old=old, new=new)
        case QuestionKind.OTHER_NUMBER:
            return _("{old} is in the course and not in the list, which has {new}.", old=old, new=new)
        case QuestionKind.NOT_IN_LIST:
            return _("{old} is registered in the course and not in the list.", old=old)
        case QuestionKind.COUNTED:
            return _(
                "The numbers in column “{old}” only count the lines of the list ({new}): they are hardly student numbers.",
                old=old,
                new=new,
            )
        case QuestionKind.GUESSED:
            return _(
                "No heading says so, but column “{old}” looks like numbers and “{new}” like names.",
                old=old,
                new=new,
            )
        case QuestionKind.CLOCK:
            return _(
                "The clock of this PC says {new} UTC, but something was written here on {old} UTC.",
                old=old,
                new=new,
            )
        case _:
            assert_never(question.kind)


def kind_words(kind: QuestionKind) -> str:
    """What is open, in a word or two."""
    match kind:
        case QuestionKind.OTHER_NAME:
            return _("Another name")
        case QuestionKind.ZEROS:
            return _("Zeros")
        case QuestionKind.OTHER_NUMBER:
            return _("Another number")
        case QuestionKind.NOT_IN_LIST:
            return _("Not in the list")
        case QuestionKind.COUNTED:
            return _("Only counted")
        case QuestionKind.GUESSED:
            return _("Guessed columns")
        case QuestionKind.CLOCK:
            return _("Clock")
        case _:
            assert_never(kind)


def answer_words(answer: Answer) -> str:
    """What is meant by an answer."""
    match answer:
        case Answer.RENAMED:
            return _("Same person, new name")
        case Answer.PASSED_ON:
            return _("Another person now")
        case Answer.SAME_ZEROS:
            return _("Same person")
        case Answer.OTHER_ZEROS:
            return _("Another person")
        case Answer.NEW_NUMBER:
            return _("Same person, new number")
        case Answer.NAMESAKE:
            return _("Another person")
        case Answer.LEFT:
            return _("Has left the course")
        case Answer.COUNTED:
            return _("Take them as numbers")
        case Answer.GUESSED:
            return _("Right columns")
        case Answer.CLOCK:
            return _("The clock is right")
        case _:
            assert_never(answer)


def unanswered_words(kind: QuestionKind) -> str:
    """What is done as long as nobody answers."""
    match kind:
        case QuestionKind.NOT_IN_LIST:
            return _("This stays so.")
        case QuestionKind.OTHER_NAME | QuestionKind.ZEROS | QuestionKind.OTHER_NUMBER:
            return _("The row was left out.")
        case QuestionKind.COUNTED | QuestionKind.GUESSED | QuestionKind.CLOCK:
            return _("Nothing new was taken.")
        case _:
            assert_never(kind)
