"""The prompting step: the learner puts together what tuning has to beat, and keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from content.lesson import PromptingStep
from content.world import MOST_EXAMPLES
from dialogs.reading.typed import after, chosen, is_one_of
from dialogs.simulations.persona import Company, Prompting
from dialogs.simulations.persona.evaluation import prompts_of
from dialogs.simulations.persona.prompting import (
    known,
    prompt_tokens,
    shown_examples,
    system_prompt,
)
from dialogs.values.actions import Answer, Own
from dialogs.values.events import Pressed, Typed
from dialogs.values.progress import Progress
from dialogs.values.replies import (
    Block,
    Bullets,
    Button,
    Code,
    Details,
    Dialogue,
    Item,
    Notice,
    Select,
    Side,
    Sides,
    Text,
    Utterance,
)
from dialogs.values.scene import (
    Ask,
    Ignored,
    Judged,
    Noted,
    Outcome,
    Scene,
    StepEvent,
    Unclear,
    pick_of,
)
from dialogs.values.turn import Later
from dialogs.work import matter
from dialogs.work.models import evaluation_order
from dialogs.work.persona_company import company_of
from dialogs.work.prompting import Chosen
from dialogs.work.scores import points, warnings

TRY = Own("try")
INSTRUCTIONS, EXAMPLES = "instructions", "examples"  # the card's two inputs

Do = Literal["try", "keep"]


def present(step: PromptingStep, scene: Scene) -> Ask:
    """The instructions and examples to choose from, and the prompt that they make."""
    words, company = scene.strings.model, company_of(scene)
    now = _now(scene)
    blocks: list[Block] = [] if scene.record.state else [Text(step.prompt)]
    items = _instructions(company)
    label = words.prompt_instructions
    blocks.append(Select(INSTRUCTIONS, label, items, many=True, value=now.instructions))
    if company.world.prompted.examples:
        label = words.prompt_examples.format(most=MOST_EXAMPLES)
        items = _examples(company)
        blocks.append(Select(EXAMPLES, label, items, many=True, value=now.examples))
        blocks.append(_replies(company, scene))
    blocks += [_prompt(company, scene, now), Text(_tokens(company, scene, now), "small")]
    passed = scene.record.status == "passed"
    keep = Button(words.prompt_keep, Answer(), words.prompt_keep, primary=not passed)
    return Ask(tuple(blocks), (keep, *buttons(step, scene)), typed=words.prompt_how)


def buttons(_: PromptingStep, scene: Scene) -> tuple[Button, ...]:
    """The one that lets the rivals speak."""
    words = scene.strings.model
    return (Button(words.prompt_try, TRY, words.prompt_try),)


def _now(scene: Scene) -> Prompting:
    """What the card's inputs hold: what was tried last, else what is usual."""
    company, state = company_of(scene), Chosen.of(scene.record.state)
    now = state.tried or state.kept or company.usual_prompting
    return known(company.world.prompted, now)


def _instructions(company: Company) -> tuple[Item, ...]:
    return tuple(Item(i.id, i.name or i.text) for i in company.world.prompted.instructions)


def _examples(company: Company) -> tuple[Item, ...]:
    return tuple(Item(e.id, e.message) for e in company.world.prompted.examples)


def _replies(company: Company, scene: Scene) -> Details:
    """What each example answers, to be opened before one is chosen."""
    words = scene.strings.model
    lines = (
        words.prompt_example.format(message=e.message, reply=e.reply)
        for e in company.world.prompted.examples
    )
    return Details(words.prompt_replies, (Bullets(tuple(lines), numbered=True),))


def _prompt(company: Company, scene: Scene, now: Prompting) -> Details:
    """The prompt, word for word."""
    words, prompt = scene.strings.model, company.world.prompted
    lines = [words.prompt_system.format(text=system_prompt(prompt, now))]
    for message, reply in shown_examples(prompt, now):
        lines += [words.prompt_user.format(text=message), words.prompt_reply.format(text=reply)]
    return Details(words.prompt_shown, (Code("\n".join(lines)),))


def _tokens(company: Company, scene: Scene, now: Prompting) -> str:
    """How much is read before each reply."""
    clock, prompt = company.rubric.time, company.world.prompted
    counts = [prompt_tokens(clock, prompt, chosen) for chosen in prompts_of(now).values()]
    words = scene.strings.model
    if len(counts) == 1:
        return words.prompt_tokens.format(prompt=counts[0])
    return words.prompt_tokens_both.format(prompt=counts[0], examples=counts[1])


def answer(step: PromptingStep, scene: Scene, given: StepEvent) -> Outcome:
    """Let both rivals speak with what was chosen, or keep it. Passed when it is kept."""
    words = scene.strings.model
    match given:
        case Pressed(do=do, picks=picks):
            # Clients leave out an input in which nothing is chosen.
            now = Prompting(
                instructions=picks.get(INSTRUCTIONS, ()), examples=picks.get(EXAMPLES, ())
            )
            asked: tuple[Do, Prompting] | None = ("try" if do == TRY else "keep", now)
        case Typed(text=text):
            asked = _typed(scene, text)
        case _:
            return Ignored()
    if asked is None:
        return Unclear(words.prompt_unclear)
    do_this, now = asked
    if len(now.examples) > MOST_EXAMPLES:
        return Unclear(words.prompt_too_many.format(most=MOST_EXAMPLES))
    now = known(company_of(scene).world.prompted, now)
    if do_this == "try":
        return _try(step, scene, now)
    return _keep(step, scene, now)


def _typed(scene: Scene, text: str) -> tuple[Do, Prompting] | None:
    """What a typed text asks for: "keep", "try", "1, 3", "examples 2", "examples none"."""
    words, forms, company = scene.strings.model, scene.strings.model.prompt_forms, company_of(scene)
    now = _now(scene)
    if is_one_of(text, (words.prompt_keep, *forms.keep)):
        return "keep", now
    if is_one_of(text, (words.prompt_try, *forms.attempt)):
        return "try", now
    about = after(text, forms.examples)
    if about is not None:
        examples = _picked(about, _examples(company), scene)
        return None if examples is None else ("try", _with(now, examples=examples))
    about = after(text, forms.instructions)
    picked = _picked(text if about is None else about, _instructions(company), scene)
    return None if picked is None else ("try", _with(now, instructions=picked))


def _picked(text: str, items: Sequence[Item], scene: Scene) -> tuple[str, ...] | None:
    if is_one_of(text, scene.strings.model.prompt_forms.none):
        return ()
    return chosen(text, items, scene.strings.tutor.typing)


def _with(
    now: Prompting,
    instructions: tuple[str, ...] | None = None,
    examples: tuple[str, ...] | None = None,
) -> Prompting:
    return Prompting(
        instructions=now.instructions if instructions is None else instructions,
        examples=now.examples if examples is None else examples,
    )


def _try(step: PromptingStep, scene: Scene, now: Prompting) -> Noted:
    """Both rivals' replies to the lesson's messages, with their scores."""
    words, company = scene.strings.model, company_of(scene)
    names = {"prompted": words.dash_table_prompted, "few-shot": words.dash_table_few_shot}
    blocks: list[Block] = []
    for query in step.queries:
        about = matter.known(company, query)
        said = [
            (names[side], company.prompted(prompt).reply(query, about.intent).text)
            for side, prompt in prompts_of(now).items()
        ]
        marks = company.marks(query)
        scored = tuple((n, company.score_for(text, about.intent, marks)) for n, text in said)
        sides = tuple(
            Side(name, text, points(company, score, words))
            for (name, text), (_, score) in zip(said, scored, strict=True)
        )
        blocks.append(Dialogue((Utterance(words.chat_you, query, "customer"),)))
        blocks += [Sides(sides), *warnings(company, scored, words)]
    state = replace(Chosen.of(scene.record.state), tried=now)
    return Noted((*blocks, *_cautions(company, scene, now)), state)


def _cautions(company: Company, scene: Scene, now: Prompting) -> tuple[Block, ...]:
    """What is wrong with what was chosen, if anything."""
    pattern, prompt = scene.strings.model.prompt_caution, company.world.prompted
    lines = [
        pattern.format(text=i.name or i.text, caution=i.caution)
        for i in prompt.instructions
        if i.id in now.instructions and i.caution
    ]
    lines += [
        pattern.format(text=e.message, caution=e.caution)
        for e in prompt.examples
        if e.id in now.examples and e.caution
    ]
    return (Bullets(tuple(lines)),) if lines else ()


def _keep(step: PromptingStep, scene: Scene, now: Prompting) -> Outcome:
    """Keep the choice; with a model at hand its rivals are put to the same customers anew."""
    company, state = company_of(scene), Chosen(tried=now, kept=now)
    progress: Progress = scene.progress
    later: tuple[Later, ...] = ()
    if scene.progress.model is not None:
        order = evaluation_order(scene, scene.progress.model, now)
        if order.key != scene.progress.model.evaluation:
            model = replace(scene.progress.model, evaluation=order.key)
            progress, later = replace(scene.progress, model=model), (order,)
    kept = Notice("good", step.praise, scene.strings.tutor.noted)
    blocks = (kept, *_cautions(company, scene, now))
    if scene.record.status == "passed":
        return Noted(blocks, state, progress, later=later)
    return Judged(
        passed=True,
        score=1.0,
        blocks=blocks,
        state=state,
        progress=progress,
        later=later,
        answered=(
            *pick_of(INSTRUCTIONS, _instructions(company), now.instructions),
            *pick_of(EXAMPLES, _examples(company), now.examples),
        ),
    )
