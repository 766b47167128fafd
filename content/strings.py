"""The tutor's own words, for any lesson: one model for each file of `content/strings/`.

A file is `<section>.<locale>.yaml`. Braces in a string name what is filled in.
"""

from typing import Literal, get_args

from pydantic import Field, field_validator

from content.frozen import Frozen
from content.reading import HarmKind, QuestionName, TalkName

# What a learner can ask about their place and what is kept of them, wherever they are.
AccountName = Literal[
    "link",
    "privacy",
    "contact",
    "export",
    "delete",
    "forget",
    "signout",
    "certificate",
    "series",
    "rename",
    "feedback",
    "pause",
]
# What a learner can type to move about, whatever the lesson.
CommandName = Literal[
    AccountName,
    "next",
    "back",
    "help",
    "progress",
    "skip",
    "restart",
    "again",
    "lessons",
    "profile",
    "questions",
    "begin",
    "yes",
    "no",
    "hello",
    "language",
    "file",
    "train",
    "reminders",
    "remind",
    "silence",
    "lookback",
]


class TypingForms(Frozen):
    """How typed answers are read: "1 and 3", "an epoch", "epochs", and what words are made with.

    `small` are words that no sentence of some length is without, `empty` those of no meaning.
    """

    ands: tuple[str, ...]
    articles: tuple[str, ...]
    plurals: tuple[str, ...]
    vowels: str
    small: tuple[str, ...]
    empty: tuple[str, ...]


class Weighing(Frozen):
    """What a decision weighs, line by line; `run` by how the run ended, `grounds` by reason."""

    run: dict[str, str]
    unseen: str
    settings: str
    three: str
    data_sound: str
    data_flawed: str
    rival: str
    reached: str
    missed: str
    ahead: str
    behind: str
    level: str
    rival_reaches: str
    rival_misses: str
    rival_fell: str
    held: str
    fell_little: str
    fell: str
    no_other_fell: str
    price: str
    tokens_of_each: str
    grounds: dict[str, str]


class ClaimForms(Frozen):
    """The words of a justification: what they say about a figure, and what parts its clauses.

    Words as they stand in a text; one that ends in "*" is any word that begins so. `rise` and
    `fall` are of a figure, `better` and `worse` of what it stands for; `changed` says something
    where it is denied; `nameless` names no metric, though it looks so; `every` and `none` speak of
    all figures, `others` of those not named. `hardly` denies and says that it is little, `slight`
    and `strong` say how much it is, `times` what it was multiplied by. What stands before one of
    `verbs`, one noun or several words from one of `articles` on, has figures where it holds one
    of `subjects` or `pronouns`, or a model, or ends with an `elliptic` word, which stands for a
    noun ("the second is"); `adverbs` before it are passed over. What stands between `neither` and
    `nor`, and behind it, is denied as by the first of `denying`.
    """

    apart: tuple[str, ...]
    carry_on: tuple[str, ...]
    articles: tuple[str, ...]
    verbs: tuple[str, ...]
    subjects: tuple[str, ...]
    pronouns: tuple[str, ...]
    elliptic: tuple[str, ...]
    adverbs: tuple[str, ...]
    passed_over: tuple[str, ...]
    nameless: tuple[str, ...]
    denying: tuple[str, ...]
    neither: tuple[str, ...]
    nor: tuple[str, ...]
    rise: tuple[str, ...]
    fall: tuple[str, ...]
    better: tuple[str, ...]
    worse: tuple[str, ...]
    same: tuple[str, ...]
    changed: tuple[str, ...]
    high: tuple[str, ...]
    low: tuple[str, ...]
    every: tuple[str, ...]
    none: tuple[str, ...]
    others: tuple[str, ...]
    targets: tuple[str, ...]
    reached: tuple[str, ...]
    missed: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    to: tuple[str, ...]
    of: tuple[str, ...]
    by: tuple[str, ...]
    percent: tuple[str, ...]
    now: tuple[str, ...]
    base: tuple[str, ...]
    tuned: tuple[str, ...]
    others_models: tuple[str, ...]
    than: tuple[str, ...]
    shares: dict[str, float]
    hardly: tuple[str, ...]
    slight: tuple[str, ...]
    strong: tuple[str, ...]
    times: dict[str, float]


class CauseForms(Frozen):
    """The words of a justification for what went well or wrong: the data, or the run.

    Words as in `ClaimForms`. `flawed` is said of `data`, `off` of a `run`, `to_blame` of both, and
    `sound` of what is well; losses that `fell` did well. `because` stands before a reason,
    `supposed` in a clause that states nothing. The last three name a way in which a run goes wrong.
    """

    apart: tuple[str, ...]
    denying: tuple[str, ...]
    supposed: tuple[str, ...]
    because: tuple[str, ...]
    data: tuple[str, ...]
    run: tuple[str, ...]
    flawed: tuple[str, ...]
    off: tuple[str, ...]
    to_blame: tuple[str, ...]
    sound: tuple[str, ...]
    fell: tuple[str, ...]
    underfit: tuple[str, ...]
    overfit: tuple[str, ...]
    diverged: tuple[str, ...]


class TutorStrings(Frozen):
    """`tutor.en.yaml`: navigation, commands, feedback of the plain kinds of step."""

    objective: str
    objectives: str
    use_case: str
    scenario: str
    challenge: str
    requirements: str
    begin: str
    how_to_begin: str
    welcome: str
    duration: str
    welcome_commands: str
    goals: str
    tip: str
    terms: str
    phase_label: str
    commands: dict[CommandName, tuple[str, ...]]
    link_word: str
    review: str
    language_name: str
    language_names: tuple[str, ...]
    what_is: tuple[str, ...]
    what_means: tuple[str, ...]
    typing: TypingForms
    next: str
    back: str
    help: str
    skip_tutorial: str
    try_again: str
    go_on: str
    progress: str
    restart: str
    check: str
    send: str
    set_targets: str
    choose_all: str
    choose_first: str
    choose_just_one: str
    type_number: str
    type_numbers: str
    type_order: str
    order_place: str
    no_such_number: str
    type_targets: str
    type_text: str
    your_words: str
    right: str
    not_yet: str
    noted: str
    hint: str
    well_done: str
    you: str
    example: str
    look_again: str
    once_more: str
    line_at_once: str
    line_tries: str
    line_open: str
    more_to_find: str
    checklist_state: str
    better_without: str
    still_missing: str
    targets_count: str
    targets_off: str
    text_short: str
    text_noise: str
    harm_self: str
    harm_self_title: str
    harm_self_link: str
    harm_self_later: str
    harm_refused: str
    text_echo: str
    text_aside: str
    text_lost: str
    text_off: str
    text_ask: str
    text_ask_how: str
    text_other: str
    text_anew: str
    text_again: str
    lost: tuple[str, ...]
    you_cover: str
    think_of: str
    items_in_place: str
    each_item_once: str
    first_wrong: str
    nothing_to_answer: str
    passed_already: str
    not_passed_yet: str
    nothing_to_skip: str
    not_reachable: str
    unknown_review: str
    older_card: str
    answered_below: str
    changed_step: str
    changed_done: str
    moved: str
    edited: str
    wordless: str
    too_long: str
    card_for: str
    mention: str
    group_title: str
    group_welcome: tuple[str, ...]
    group_alone: str
    begun_below: str
    shown_elsewhere: str
    file_elsewhere: str
    somebody_else: str
    other_lesson: str
    fault: str
    progress_lost: str
    states_lost: str
    model_again: str
    model_is_back: str
    help_commands: str
    help_also: str
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
    look_title: str
    look_talk: str
    look_practices: str
    look_model: str
    look_line: str
    look_button: str
    look_end: str
    now_at: str
    restart_question: str
    restart_yes: str
    restarted: str
    lessons_title: str
    term_meaning: str
    term_unknown: str
    term_strange: str
    languages_title: str
    languages_how: str
    language_changed: str
    language_unknown: str
    language_missing: str

    @field_validator("commands")
    @classmethod
    def _has_words_for_every_command(
        cls, commands: dict[CommandName, tuple[str, ...]]
    ) -> dict[CommandName, tuple[str, ...]]:
        missing = [name for name in get_args(CommandName) if not commands.get(name)]
        if missing:
            msg = "; ".join(f'no words for the command "{name}"' for name in missing)
            raise ValueError(msg)
        return commands


class RuleWords(Frozen):
    """A rule of the training file: what is wrong, and how to mend it."""

    message: str
    mend: str


class PersonalWords(Frozen):
    """How personal data is told of, and by which words it is recognised.

    `at` and `dot` spell an address of mail out; behind `cues` a number is a telephone's, behind
    `others` it is none.
    """

    kinds: dict[str, str]
    at: tuple[str, ...]
    dot: tuple[str, ...]
    cues: tuple[str, ...]
    others: tuple[str, ...]


class DataStrings(Frozen):
    """`data.en.yaml`: selection, JSONL and quality steps, and the training set.

    `characters` names what nobody sees, by its number in Unicode.
    """

    rules: dict[str, RuleWords]
    characters: dict[str, str]
    personal: PersonalWords
    notes: dict[str, str]
    place: str
    fault: str
    found_faults: str
    found_fault: str
    live_ok: str
    live_faults: str
    live_empty: str
    dialogue_unlearned: str
    jsonl_system: str
    jsonl_label: str
    jsonl_pattern_title: str
    jsonl_pattern: str
    jsonl_how: str
    jsonl_check: str
    jsonl_show: str
    jsonl_shown: str
    jsonl_nearly_title: str
    jsonl_gap: str
    jsonl_look: str
    jsonl_advice: str
    quality_own: str
    jsonl_harm: str
    harm_kinds: dict[HarmKind, str]
    jsonl_valid: str
    jsonl_not_an_answer: str
    jsonl_too_long: str
    select_label: str
    select_check: str
    select_experiment: str
    select_well: str
    select_unfit: str
    select_missed: str
    select_rightly: str
    select_why: str
    select_line: str
    select_none: str
    select_state: str
    select_few: str
    select_brings: str
    select_how: str
    select_waived: str
    quality_progress: str
    quality_so_far: str
    quality_done: str
    quality_open: str
    quality_check: str
    quality_line: str
    quality_empty: str
    quality_lines: str
    quality_topics: str
    quality_written: str
    quality_few: str
    quality_some: str
    quality_enough: str
    quality_no_set: str
    quality_stray: str
    quality_broken: str
    quality_faults: dict[str, str]
    quality_unsound: str
    quality_mend: str
    quality_download: str


class NumberSigns(Frozen):
    """How a language writes numbers; `percent` may begin with a space."""

    decimal: str
    thousands: str
    percent: str

    def write(self, number: float, form: str) -> str:
        """The number in one of Python's forms, such as `.2f`, with this language's signs."""
        signs = {".": self.decimal, ",": self.thousands, "%": self.percent}
        return "".join(signs.get(sign, sign) for sign in format(number, form))


class PromptingForms(Frozen):
    """What is typed at a prompt that is put together; what is chosen follows its kind."""

    attempt: tuple[str, ...]
    keep: tuple[str, ...]
    instructions: tuple[str, ...]
    examples: tuple[str, ...]
    none: tuple[str, ...]


class DashboardForms(Frozen):
    """What is typed to look closer at a dashboard; what is meant follows the verb."""

    filter: tuple[str, ...]
    open: tuple[str, ...]
    test: tuple[str, ...]
    more: tuple[str, ...]


class JobForms(Frozen):
    """What is typed for a training job, beside the words on its buttons."""

    start: tuple[str, ...]
    status: tuple[str, ...]
    cancel: tuple[str, ...]


class ModelStrings(Frozen):
    """`model.en.yaml`: chat, lab, job, comparison, dashboard, decision and analysis steps."""

    numbers: NumberSigns
    chat_seen: str
    chat_open: str
    chat_faults: str
    chat_how: str
    chat_you: str
    chat_base: str
    chat_tuned: str
    chat_shows: str
    chat_point: str
    chat_astray: str
    chat_far: str
    chat_alike: str
    chat_tone: str
    chat_empty: str
    matter_ask: str
    matter_how: str
    matter_none: str
    matter_second: str
    matter_language: str
    matter_languages: dict[str, str]
    no_model: str
    no_evaluation: str
    look: str
    stale: str
    scale_score: str
    scale_unjudged: str
    why_scores: str
    plus: str
    minus: str
    missing: str
    flagged: str
    lab_prediction: str
    lab_run: str
    lab_how: str
    lab_parameter: str
    lab_bad_number: str
    lab_range: str
    lab_no_prediction: str
    lab_few: str
    lab_training: str
    lab_fault: str
    lab_right: str
    lab_wrong: str
    lab_words: str
    lab_chart: str
    lab_runs: str
    lab_told: str
    lab_run_line: str
    lab_todo: str
    lab_todo_good: str
    lab_todo_little: str
    lab_todo_much: str
    lab_todo_foresee: str
    lab_enough: str
    lab_repeat: str
    x_steps: str
    x_epochs: str
    curves_place: str
    curves_alt: str
    curves_wrong: str
    y_loss: str
    train_loss: str
    valid_loss: str
    best_here: str
    chart_alt: str
    chart_cut: str
    job_start: str
    job_again: str
    job_cancel: str
    job_status: str
    job_how: str
    job_forms: JobForms
    job_lines: str
    job_refused: str
    job_queued: str
    job_running: str
    job_making: str
    job_checking: str
    job_board: str
    job_stages: dict[Literal["queue", "training", "making", "checking"], str]
    job_log: str
    job_log_line: str
    job_log_created: str
    job_log_queued: str
    job_log_training: str
    job_log_epoch: str
    job_log_making: str
    job_log_checking: str
    job_log_done: str
    job_chart_alt: str
    job_succeeded: str
    job_cancelled: str
    job_failed: str
    job_runs_already: str
    job_nothing: str
    job_reopened: str
    job_chart: str
    prompt_instructions: str
    prompt_examples: str
    prompt_example: str
    prompt_system: str
    prompt_user: str
    prompt_reply: str
    prompt_replies: str
    prompt_shown: str
    prompt_tokens: str
    prompt_tokens_both: str
    prompt_try: str
    prompt_keep: str
    prompt_how: str
    prompt_forms: PromptingForms
    prompt_unclear: str
    prompt_too_many: str
    prompt_caution: str
    compare_show: str
    compare_forms: tuple[str, ...]
    compare_first: str
    compare_own: str
    compare_empty: str
    compare_left: str
    compare_promise: str
    compare_others: str
    compare_learned: str
    compare_flag: str
    dash_table_metric: str
    dash_table_base: str
    dash_table_prompted: str
    dash_table_few_shot: str
    dash_table_tuned: str
    dash_table_change: str
    dash_all_figures: str
    dash_simulated: str
    dash_for: str
    dash_all: str
    dash_filter: str
    dash_filter_button: str
    dash_open: str
    dash_open_button: str
    dash_ab: str
    dash_ab_button: str
    dash_todo: str
    dash_row: str
    dash_how: str
    dash_forms: DashboardForms
    dash_unclear: str
    dash_interval: str
    dash_intervals: str
    dash_interval_line: str
    dash_chart: str
    dash_chart_alt: str
    dash_chart_value: str
    dash_replies: str
    dash_customer: str
    dash_value: str
    dash_ab_result: str
    dash_ab_wide: str
    dash_ab_zero: str
    target_met: str
    target_missed: str
    targets: str
    verdicts: dict[str, str]
    labels: dict[str, str]
    decide: str
    decide_both: str
    decide_how: str
    decide_figures: str
    decide_figure: str
    decide_rivals: str
    decide_ask: str
    decide_evidence: str
    decide_contradicts: str
    decide_found: str
    decide_order: str
    decide_speaks: str
    decide_weighed: str
    decide_also: str
    decide_collect: str
    decide_retrain: str
    decide_retrain_how: str
    claims: ClaimForms
    causes: CauseForms
    effect_title: str
    effect_seen: str
    effect_hidden: str
    effect_unseen: str
    effect_private: str
    effect_lowest: str
    effect_low: str
    effect_astray: str
    problem_line: str
    problem_lines: str
    problem_title: str
    weighing: Weighing
    problems: dict[str, str]
    text_figures: str
    analysis_none: str
    analysis_choose: str
    analysis_line: str
    analysis_check: str
    analysis_figures: str
    analysis_unproven: str
    analysis_few: str
    analysis_inadequate: str
    analysis_more: dict[str, str]


class AssessStrings(Frozen):
    """`assess.en.yaml`: screens, quiz and the end of a lesson."""

    kinds: dict[str, str]
    screen_simulated: str
    screen_notes: str
    screen_note: str
    screen_look_forms: tuple[str, ...]
    screen_tips: str
    screen_source: str
    screen_decide: str
    screen_how: str
    screen_how_many: str
    screen_how_enter: str
    screen_entered: str
    screen_suffix: str
    screen_notes_first: str
    screen_refused: str
    screen_choose_first: str
    screen_all: str
    quiz_begin: str
    quiz_place: str
    quiz_check: str
    quiz_start: str
    quiz_retake: str
    quiz_result: str
    quiz_passed: str
    quiz_review: str
    quiz_look_at: str
    quiz_look: str
    quiz_pause: str
    quiz_right: str
    quiz_wrong: str
    quiz_more: str
    quiz_answers: str
    quiz_how: str
    quiz_how_many: str
    quiz_choose: str
    complete_well: str
    complete_training: str
    complete_set: str
    complete_set_lines: str
    complete_archive: str
    complete_written: str
    complete_change: str
    complete_best: str
    complete_achieved: str
    complete_done: str
    complete_open: str
    complete_figures: str
    complete_lines: str
    complete_runs: str
    complete_model: str
    complete_score: str
    complete_files: str
    complete_links: str
    complete_goto: str


class TalkStrings(Frozen):
    """`talk.en.yaml`: what is answered to what is said beside an answer."""

    why: str
    why_outside: str
    time: str
    time_over: str
    left: str
    left_start: str
    left_end: str
    skip_yes: str
    skip_tutorial: str
    skip_no: str
    hard: str
    hint_help: str
    solution_is: str
    solution_text: str
    solution_early: str
    solution_none: str
    solution_quiz: str
    score: str
    score_none: str
    how_next: str
    how_answer: str
    says: dict[TalkName, str]


class AccountStrings(Frozen):
    """`account.en.yaml`: a learner's places, what is kept of them, and who runs the tutor."""

    only_us: str
    link_title: str
    link_there: str
    link_here: str
    link_browser: str
    link_page: str
    link_lasts: str
    link_wrong: str
    link_own: str
    link_tries: str
    join_title: str
    join_begins: str
    join_keeps_there: str
    join_keeps_here: str
    join_goes_on: str
    join_what_else: str
    join_yes: str
    join_done: str
    place_phase: str
    place_start: str
    place_finished: str
    privacy_title: str
    privacy_lead: str
    privacy_kept: tuple[str, ...]
    privacy_page: str
    terms_page: str
    contact_both: str
    contact_operator: str
    contact_address: str
    contact_none: str
    export_button: str
    export_title: str
    export_file: str
    export_about: str
    export_gone: str
    export_gone_title: str
    delete_button: str
    delete_title: str
    delete_question: str
    delete_what: tuple[str, ...]
    delete_yes: str
    deleted_title: str
    deleted: str
    deleted_what: str
    forget_question: str
    forget_yes: str
    forgotten: str
    forget_page_only: str
    signout_question: str
    signout_yes: str
    signed_out: str
    no: str
    nothing_done: str
    feedback_none: str
    pause_said: str


class CertificateStrings(Frozen):
    """`certificate.en.yaml`: the certificate, in the chat, on paper and on its public page."""

    title: str
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    date: str
    date_utc: str
    paper_score: str
    paper_score_at: str
    none: str
    ready: str
    withdrawn: str
    series_title: str
    series_open: str
    name_leads: tuple[str, ...]
    name_label: str
    name_placeholder: str
    name_how: str
    name_check: str
    not_a_name: dict[str, str]
    undrawable: str
    confirm_title: str
    confirm_label: str
    confirm_about: str
    confirm_yes: str
    confirm_other: str
    confirm_no: str
    picture: str
    file: str
    page: str
    linkedin: str
    badge: str
    about: str
    rename: str
    get: str
    paper_lead: str
    paper_completed: str
    paper_demonstrated: str
    paper_issuer: str
    paper_check: str
    paper_qr: str
    page_title: str
    states: dict[str, str]
    states_about: dict[str, str]
    field_name: str
    field_lesson: str
    field_date: str
    field_score: str
    field_demonstrated: str
    field_issuer: str
    home: str
    missing: str


class FilesStrings(Frozen):
    """`files.en.yaml`: a training file of the learner's own."""

    title: str
    label: str
    about: str
    elsewhere: str
    file_check: str
    another: str
    train: str
    kept: str
    reading: str
    failed: str
    none_yet: str
    unreadable: dict[str, str]
    too_large: str
    busy: str
    not_here: str
    found_forms: dict[str, str]
    question: str
    maps: str
    before: str
    after: str
    yes: str
    no: str
    converted: str
    report: str
    sound: str
    few: str
    faulty: str
    nothing: str
    saved_as: dict[str, str]
    to_mend: str
    file_look: str
    file_place: str
    more: str
    file_places: str
    figures: str
    tokens: str
    cut: str
    overlap_file: str
    overlap_set: str
    copied_reply: str
    copied_message: str
    short: str
    systems: str
    topic: str
    download: str
    train_few: str
    train_faulty: str
    train_begun: str
    train_title: str
    train_learned: str
    train_apart: str
    train_customer: str
    train_base: str
    train_tuned: str
    train_failed: str


class TeamsStrings(Frozen):
    """`teams.en.yaml`: what Teams shows of the app before anybody writes to it."""

    name: str
    full_name: str
    developer: str
    summary: str
    about: str
    commands: dict[CommandName, str]


class NoticePart(Frozen):
    """A part of a notice, under its own heading."""

    title: str
    lines: tuple[str, ...]


class NoticePage(Frozen):
    """A page to read and keep."""

    title: str
    lead: str
    parts: tuple[NoticePart, ...]


class EndedLink(Frozen):
    """What stands in place of a file whose link has ended: how to get a new one."""

    title: str
    lead: str
    page: str


class NoticesStrings(Frozen):
    """`notices.en.yaml`: the pages about privacy and the terms of use, and other short pages."""

    other_page: str
    operator_title: str
    operator_named: str
    operator_unnamed: str
    contact_line: str
    contact_unknown: str
    privacy: NoticePage
    terms: NoticePage
    retained: str
    recorded: str
    file_ended: EndedLink


class AccessStrings(Frozen):
    """`access.en.yaml`: the page on which a host or operator signs in."""

    sign_in: str
    signed_in: str
    host: str
    insights: str
    about: str
    token: str
    submit: str
    go_on: str
    sign_out: str
    lasts: str
    wrong: str
    too_often: str
    elsewhere: str


class InsightsStrings(Frozen):
    """`insights.en.yaml`: the page with figures about learners.

    `figures` is by the figure's name, `why` by the reason that one isn't shown for.
    """

    title: str
    lead: str
    lesson: str
    locale: str
    event: str
    channel: str
    since: str
    until: str
    any: str
    apply: str
    started: str
    now: str
    learners: str
    figure: str
    value: str
    interval: str
    goal: str
    of: str
    met: str
    missed: str
    figures: dict[str, str]
    goal_above: str
    goal_between: str
    why: dict[str, str]
    phases: str
    scores: str
    chart_alt: str
    hidden: str
    steps: str
    steps_lead: str
    step: str
    at_once: str
    attempts: str
    hints: str
    minutes: str
    cost: str
    misses: str
    questions_asked: str
    questions_asked_about: str
    nothing: str
    downloads: str
    json_file: str
    csv_file: str
    fresh: str


class DemonstrationStrings(Frozen):
    """`demonstrations.en.yaml`: what pictures that move show."""

    loss: str
    rate_title: str
    rate_setting: str
    rate_weight: str
    rate_name: str
    rate_step: str
    rate_told: dict[Literal["little", "right", "swings", "wild"], str]
    batch_title: str
    batch_setting: str
    batch_first: str
    batch_second: str
    batch_step: str
    batch_told: str
    epochs_title: str
    epochs_axis: str
    epochs_step: str
    epochs_told: str
    rank_title: str
    rank_setting: str
    rank_own: str
    rank_a: str
    rank_b: str
    rank_frozen: str
    rank_added: str
    rank_sum: str
    rank_told: str
    lookup_title: str
    lookup_setting: str
    lookup_question: str
    lookup_model: str
    lookup_documents: str
    lookup_answer: str
    lookup_tuned: str
    lookup_tuned_steps: tuple[str, ...]
    lookup_tuned_told: str
    lookup_found: str
    lookup_found_steps: tuple[str, ...]
    lookup_found_told: str


class CatalogueStrings(Frozen):
    """`catalogue.en.yaml`: the lessons as they are offered."""

    titled: str
    how: str
    minutes: str
    new: str
    begun: str
    done: str
    after: str


class TileOption(Frozen):
    """An answer to a question back, by its letter."""

    id: Literal["a", "b", "c"]
    text: str
    feedback: str
    right: bool = False


class Tile(Frozen):
    """One of the storyboard's questions; `exercise` is the lesson that practises it."""

    question: str
    answer: str
    check: str
    options: tuple[TileOption, TileOption, TileOption]
    exercise: str

    @field_validator("options")
    @classmethod
    def _has_one_right_option(cls, options: tuple[TileOption, ...]) -> tuple[TileOption, ...]:
        if sum(option.right for option in options) != 1:
            msg = "just one option must be right"
            raise ValueError(msg)
        return options


class QuestionsStrings(Frozen):
    """`questions.en.yaml`: the storyboard's questions as a conversation."""

    title: str
    how: str
    line: str
    which: str
    none: str
    check: str
    options: str
    option_how: str
    practise: str
    all: str
    forms: tuple[str, ...]
    tiles: dict[QuestionName, Tile]

    @field_validator("tiles")
    @classmethod
    def _answers_every_question(cls, tiles: dict[QuestionName, Tile]) -> dict[QuestionName, Tile]:
        missing = [name for name in get_args(QuestionName) if name not in tiles]
        if missing:
            msg = "; ".join(f'no answer to the question "{name}"' for name in missing)
            raise ValueError(msg)
        return tiles


class ProfileStrings(Frozen):
    """`profile.en.yaml`: a learner's profile."""

    title: str
    done: str
    header: tuple[str, str]
    strong: str
    weak: str
    stretch: str
    then: str
    series_left: str
    series_title: str
    series_ready: str
    series: str
    certificates: str


class ExperimentStrings(Frozen):
    """`experiment.en.yaml`: steps in which something is set and tried."""

    goals: str
    goals_together: str
    run: str
    trying: str
    fault: str
    how: str
    how_one: str
    choose: str
    ranged: str
    bad_number: str
    nothing: str
    prediction: str
    predict_first: str
    foreseen: str
    otherwise: str
    title: str
    titled: str
    trial: str
    trials: str
    trials_earlier: str
    repeat: str
    try_more: str
    todo: str
    cases: str
    cases_right: str
    cases_some: str
    said: str
    behind: str
    talk_goal: str
    talk_model: str
    talk_no_model: str
    talk_so_far: str
    talk_how: str
    talk_anew: str
    talk_begun: str
    talk_fault: str
    talk_long: str
    talk_most: str
    talk_far: str
    talk_kept: str
    talk_lost: str
    talk_chance: str
    talk_unasked: str
    talk_you: str
    talk_it: str
    swap_means: str
    swap_lost: str
    swap_sent: str


class FollowUpStrings(Frozen):
    """`follow_up.en.yaml`: what is asked some days after a lesson, and how that is ended."""

    offer: str
    on_title: str
    on_chat: str
    on_page: str
    on_linked: str
    on_stop: str
    not_yet: str
    nothing_later: str
    off: str
    off_anew: str
    off_already: str
    still_on: str
    all_sent: str
    came_title: str
    came: str
    asked_place: str
    case_place: str
    check: str
    stop: str
    choose: str
    answered: str
    gone: str
    right: str
    wrong: str
    right_one: str
    result: str
    result_all: str
    look_at: str
    next_in: str
    next_in_one: str
    last: str


class MineStrings(Frozen):
    """`mine.en.yaml`: a learner's data as a page to read; codes of documents by what they mean."""

    title: str
    lead: str
    keep: str
    file: str
    you: str
    number: str
    language: str
    event: str
    known: str
    follow_up: str
    lesson: str
    run: str
    completed: str
    statuses: dict[str, str]
    attempts: str
    happened: str
    facts: dict[str, str]
    fact: str
    fact_more: str
    certificates: str
    certificate: str
    certificate_revoked: str
    said: str
    conversation: str
    me: str
    tutor: str
    utterance: str
    rest: str
    count: str
    tables: dict[str, str]
    fields: dict[str, str]
    values: dict[str, str]
    picked: str
    answered: str
    nothing: str
    yes: str
    no: str


class RoomStrings(Frozen):
    """`room.en.yaml`: live sessions, in the chat and on their pages.

    `*_words` are what is typed in the chat; `refused` is by the reason why the host's wish wasn't
    done, `run_states` by how a prepared run stands, `failures` by why a model didn't answer;
    `play_begun`, `play_outcome` and `contenders` are by the prepared run's name.
    """

    join_words: tuple[str, ...]
    look_words: tuple[str, ...]
    ask_words: tuple[str, ...]
    questions_words: tuple[str, ...]
    leave_words: tuple[str, ...]
    host_words: tuple[str, ...]
    name_words: tuple[str, ...]
    nameless_words: tuple[str, ...]
    entered_title: str
    entered_about: str
    entered_wait: str
    entered_lesson: str
    from_host: str
    how_option: str
    how_words: str
    answer_label: str
    answer_send: str
    yours: str
    yours_words: str
    you: str
    host_away: str
    closed: str
    closed_none: str
    right_is: str
    you_were_right: str
    answer_long: str
    empty: str
    unknown_option: str
    wrong_code: str
    over_code: str
    no_session: str
    hasty: str
    asked: str
    asked_many: str
    questions_title: str
    questions_none: str
    question_line: str
    question_vote: str
    question_voted: str
    left: str
    train_about: str
    train_name: str
    train_go: str
    named: str
    nameless: str
    name_unfit: str
    demo_about: str
    wrap_title: str
    recap_alt: str
    recap_file: str
    paper: str
    repository: str
    later: str
    later_about: str
    over_title: str
    over_about: str
    host_by_link: str
    host_by_token: str
    host_nowhere: str
    host_go: str
    host_link_about: str
    host_link_spent: str
    host_title: str
    host_lead: str
    open_new: str
    open_language: str
    open_room: str
    rooms: str
    rooms_none: str
    room_row: str
    room_over: str
    go_host: str
    go_report: str
    room_title: str
    people: str
    clock: str
    not_started: str
    start: str
    elapsed: str
    left_part: str
    over_part: str
    on_time: str
    early: str
    late: str
    late_drop: str
    drop_line: str
    late_more: str
    late_none: str
    now: str
    next: str
    move: str
    move_here: str
    here: str
    minutes_label: str
    minutes_set: str
    slides: str
    demo: str
    notes: str
    activities: str
    open: str
    reopen: str
    close: str
    is_open: str
    answers: str
    screen: str
    screen_join: str
    screen_activity: str
    screen_recap: str
    screen_questions: str
    screen_link: str
    questions: str
    questions_lead: str
    alike: str
    votes: str
    hidden: str
    hidden_questions: str
    sheet: str
    sheet_about: str
    before: str
    done: str
    undo: str
    resources: str
    resources_lead: str
    not_provided: str
    end: str
    end_sure: str
    ended: str
    addresses_missing: str
    lost: str
    back: str
    refused: dict[Literal["over", "unknown"], str]
    join_lead: str
    join_type: str
    qr_alt: str
    of_present: str
    waiting: str
    host_is_away: str
    screen_right: str
    and_more: str
    recap_title: str
    scan_paper: str
    scan_repository: str
    trained: str
    best_models: str
    join_title: str
    join_about: str
    join_code: str
    join_go: str
    join_wrong: str
    join_over: str
    join_found: str
    join_page: str
    join_teams: str
    join_chat: str
    join_hasty: str
    join_anonymous: str
    report_title: str
    report_lead: str
    report_file: str
    funnel: str
    funnel_joined: str
    funnel_answered: str
    funnel_wrap: str
    funnel_each: str
    report_answers: str
    report_share: str
    report_hard: str
    report_hard_about: str
    report_hard_line: str
    report_none: str
    report_questions: str
    runs: str
    runs_about: str
    run_states: dict[Literal["missing", "preparing", "ready", "failed", "unknown"], str]
    run_ready: str
    run_mute: str
    prepare: str
    prepare_again: str
    ask_models: str
    ask_question: str
    ask_both: str
    ask_run: str
    ask_about: str
    screen_models: str
    models_title: str
    models_lead: str
    models_page: str
    models_real: str
    models_simulated: str
    models_none: str
    models_too_long: str
    base_model: str
    tuned_model: str
    contenders: dict[str, tuple[str, str]]
    model_score: str
    failures: dict[
        Literal["refused", "busy", "away", "slow", "filtered", "garbled", "budget", "unstaged"], str
    ]
    play_queued: str
    play_validating: str
    play_begun: dict[str, str]
    play_running: str
    play_done: str
    play_epoch: str
    play_train: str
    play_valid: str
    play_summary: str
    play_outcome: dict[str, tuple[str, ...]]
    play_missing: str


class Strings(Frozen):
    """All sections of one locale."""

    tutor: TutorStrings
    data: DataStrings
    model: ModelStrings
    assess: AssessStrings
    talk: TalkStrings
    account: AccountStrings
    files: FilesStrings
    certificate: CertificateStrings
    follow_up: FollowUpStrings
    mine: MineStrings
    demonstrations: DemonstrationStrings
    experiment: ExperimentStrings
    catalogue: CatalogueStrings
    profile: ProfileStrings
    questions: QuestionsStrings
    page: dict[str, str]
    teams: TeamsStrings
    notices: NoticesStrings
    access: AccessStrings
    insights: InsightsStrings
    room: RoomStrings
