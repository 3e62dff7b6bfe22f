"""What a piece of code does: one right option, with the code in the stem."""

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_noop

from assessments.questions.types.single import SingleChoice

if TYPE_CHECKING:
    from assessments.curriculum.bodies import QuestionBody


class CodeReading(SingleChoice):
    name: ClassVar[str] = "code_reading"
    label: ClassVar[str] = gettext_noop("Read the code, one answer")

    def check(self, body: "QuestionBody") -> None:
        super().check(body)
        if "```" not in body.stem and "~~~" not in body.stem:
            raise ValueError("a code_reading question needs a fenced block of code in its stem")


TYPE = CodeReading()
