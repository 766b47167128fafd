"""The tutor's own words, for any lesson: one model for each file of `content/strings/`.

A file is `<section>.<locale>.yaml`. Braces in a string name what is filled in.
"""

from content.frozen import Frozen


class TutorStrings(Frozen):
    """`tutor.en.yaml`: navigation, commands, feedback of the plain kinds of step."""

    objective: str
    use_case: str
    scenario: str
    challenge: str
    requirements: str
    begin: str
    how_to_begin: str
    welcome_back: str
    goals: str
    tip: str
    terms: str
    lesson_label: str
    phase_label: str
    commands: dict[str, tuple[str, ...]]
    review: str
    what_is: tuple[str, ...]
    next: str
    back: str
    help: str
    skip_tutorial: str
    try_again: str
    go_on: str
    progress: str
    check: str
    send: str
    set_targets: str
    choose_all: str
    choose_one: str
    choose_first: str
    choose_just_one: str
    type_number: str
    type_numbers: str
    type_order: str
    type_targets: str
    type_text: str
    type_next: str
    your_words: str
    right: str
    not_yet: str
    noted: str
    hint: str
    well_done: str
    you: str
    example: str
    look_again: str
    more_to_find: str
    checklist_state: str
    better_without: str
    still_missing: str
    targets_count: str
    targets_off: str
    text_short: str
    text_noise: str
    text_echo: str
    text_more: str
    you_cover: str
    think_of: str
    items_in_place: str
    each_item_once: str
    place_right: str
    place_wrong: str
    first_wrong: str
    nothing_to_answer: str
    passed_already: str
    not_passed_yet: str
    nothing_to_skip: str
    first_step: str
    last_step: str
    bad_command: str
    not_reachable: str
    unknown_review: str
    older_card: str
    changed_step: str
    moved: str
    somebody_else: str
    other_lesson: str
    fault: str
    help_commands: str
    help_title: str
    progress_title: str
    phase_done: str
    phase_here: str
    phase_ahead: str
    requirement_met: str
    requirement_open: str
    still_open: str
    review_title: str
    review_line: str
    review_how: str
    now_at: str
    restart_question: str
    restart_yes: str
    restart_no: str
    restarted: str
    kept_on: str
    lessons_title: str
    lessons_how: str
    lesson_line: str
    term_meaning: str
    term_unknown: str
    experiment_goes_on: str
    stale_model: str


class DataStrings(Frozen):
    """`data.en.yaml`: selection, JSONL and quality steps, and the training set."""


class ModelStrings(Frozen):
    """`model.en.yaml`: chat, lab, job, comparison, dashboard, decision and analysis steps."""


class AssessStrings(Frozen):
    """`assess.en.yaml`: screens, quiz and the end of a lesson."""


class Strings(Frozen):
    """All sections of one locale."""

    tutor: TutorStrings
    data: DataStrings
    model: ModelStrings
    assess: AssessStrings
    page: dict[str, str]
