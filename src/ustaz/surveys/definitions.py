"""What is asked: our own statements, by dimension, and questions for the talk about the result.

Two questionnaires: a school looks at itself, and the programme asks its teachers at the start and
at the end. The seven dimensions of the school as a learning organisation are those of Kools & Stoll
(2016), OECD Education Working Paper 137; all statements are ours, and nobody has tested them. The
sheet to print (``facilitator_notes/handouts/self-review.md``) has the same wording in each
language, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ustaz.messages import N_


@dataclass(frozen=True, slots=True)
class Dimension:
    """A few statements about one side, and two questions for the talk.

    Attributes
    ----------
    id : str
    label : str
    statements, questions : tuple of str
        Message ids.
    """

    id: str
    label: str
    statements: tuple[str, ...]
    questions: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Survey:
    """A questionnaire.

    Attributes
    ----------
    id : str
    title, about : str
        Message ids.
    minutes : int
    dimensions : tuple of Dimension
    of : str
        Who is asked together: the adults of a ``school``, or the teachers of the whole ``course``.
    """

    id: str
    title: str
    about: str
    minutes: int
    dimensions: tuple[Dimension, ...]
    of: str = "school"

    @property
    def statements(self) -> tuple[str, ...]:
        """Return every statement, in order."""
        return tuple(text for dimension in self.dimensions for text in dimension.statements)

    def span(self, dimension: str) -> slice:
        """Return where a dimension's statements stand among all."""
        start = 0
        for entry in self.dimensions:
            if entry.id == dimension:
                return slice(start, start + len(entry.statements))
            start += len(entry.statements)
        raise KeyError(dimension)


SCHOOL: Final = Survey(
    "school",
    N_("Our school, 21 statements"),
    N_("How do the adults of this school learn? It is about the school, not about any person."),
    8,
    (
        Dimension(
            "vision",
            N_("A vision for every learner"),
            (
                N_("We can say in one sentence what we want for every pupil."),
                N_("Pupils who struggle are part of every plan we make."),
                N_("Parents have a say in our direction."),
            ),
            (
                N_("Which one sentence would each of us write about what we want for every pupil?"),
                N_("What did parents last change in what we do?"),
            ),
        ),
        Dimension(
            "staff",
            N_("Learning for all staff"),
            (
                N_("Every member of staff has time set aside to learn."),
                N_("Newcomers get real support."),
                N_("I am asked what I need to learn next."),
            ),
            (
                N_("When in the week could two of us learn something together?"),
                N_("What would have helped us in our own first month here?"),
            ),
        ),
        Dimension(
            "teams",
            N_("Learning in teams"),
            (
                N_("We plan lessons together."),
                N_("I can ask a colleague for help without embarrassment."),
                N_("Problems are worked on together rather than alone."),
            ),
            (
                N_("Which lesson of next week could two of us plan together?"),
                N_("What makes it easy here to ask for help, and what makes it hard?"),
            ),
        ),
        Dimension(
            "inquiry",
            N_("Trying things out"),
            (
                N_("Trying something new is welcomed here."),
                N_("A failed attempt is discussed, not blamed."),
                N_("We ask pupils what helps them learn."),
            ),
            (
                N_("What did one of us try this term, and who knows about it?"),
                N_("What could we ask our pupils next week, in one question?"),
            ),
        ),
        Dimension(
            "sharing",
            N_("Sharing know-how"),
            (
                N_("We look at our own data together."),
                N_("Good practice in one class becomes known in others."),
                N_("We learn from what did not work."),
            ),
            (
                N_("How does something that works in one classroom reach the next one?"),
                N_("Which numbers do we collect and never look at together?"),
            ),
        ),
        Dimension(
            "outside",
            N_("Learning from outside"),
            (
                N_("We work with teachers from other schools."),
                N_("The local community teaches us something every year."),
                N_("We use outside ideas and adapt them."),
            ),
            (
                N_("Who around our school knows something that our pupils need?"),
                N_("Which idea from another school would fit here, if we changed it?"),
            ),
        ),
        Dimension(
            "leaders",
            N_("Leaders who help others to lead"),
            (
                N_("The director learns in public, with us."),
                N_("Any teacher can start a development project."),
                N_("Leaders remove obstacles when teachers ask."),
            ),
            (
                N_("If somebody wanted to start a project next month, what is the first thing"
                   " to do?"),
                N_("Which small obstacle could be gone by next month, and who can move it?"),
            ),
        ),
    ),
)  # fmt: skip

#: Professionality, agency and voice: our design, tested by nobody.
PROGRAMME: Final = Survey(
    "programme",
    N_("My work and this programme, 12 statements"),
    N_("How do you see your own work, at the start of the year and at its end? It is about what the"
       " programme changes, not about any person."),
    5,
    (
        Dimension(
            "professionality",
            N_("How I work as a teacher"),
            (
                N_("I can say why I teach the way I do."),
                N_("I find out from my pupils whether a change has helped them."),
                N_("Colleagues learn from my lessons, and I learn from theirs."),
                N_("I go on learning without anybody telling me to."),
            ),
            (
                N_("What do I do differently since the start of the year, and how do I know that it"
                   " is better?"),
                N_("Who has learned something from a lesson of mine, and what?"),
            ),
        ),
        Dimension(
            "agency",
            N_("What I can set in motion"),
            (
                N_("I choose myself what I want to improve in my work."),
                N_("When something at school hinders learning, I know a first step that I can"
                   " take."),
                N_("I can win colleagues for an idea without having a post."),
                N_("When a plan does not work, I change it and go on."),
            ),
            (
                N_("Which first step could each of us take without asking anybody?"),
                N_("What helped us to go on when a plan did not work?"),
            ),
        ),
        Dimension(
            "voice",
            N_("Being heard"),
            (
                N_("In meetings I say what I think about teaching."),
                N_("What teachers say changes decisions at our school."),
                N_("Teachers of other schools know something of my work."),
                N_("I can disagree with somebody above me, and nothing bad follows."),
            ),
            (
                N_("Which decision of this year did teachers change?"),
                N_("Where would we like to be heard, and who could open that door?"),
            ),
        ),
    ),
    of="course",
)  # fmt: skip

SURVEYS: Final = {survey.id: survey for survey in (SCHOOL, PROGRAMME)}
