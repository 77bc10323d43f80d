"""The assistant's words: key → English text.

The one place for them. Other languages translate these English texts through the
message catalogues; scenario texts stand in the packs. ``{name}`` is filled in by
:mod:`study.rendering`. House rules: plain words, one question at a time, never a
judgement, never praise of what was said, no rule on anyone's own work.
"""

from study.wording_probes import PROBES

WORDING: dict[str, str] = {
    # --- opening and cases
    "opening": (
        "Hello. I am a computer program, not a person, and nobody reads along. I will show you "
        "short cases about AI in assessment and ask how you see them. There are no right answers, "
        "nothing is marked, and you can skip, pause or stop at any time."
    ),
    "case_intro": "Case {n} of {total}",
    "open.motivate": "Your reasons are the useful part. A sentence or two is plenty.",
    **PROBES,
    "twist.intro": "Now the same case with one thing changed.",
    "twist.question": "With that change, how acceptable is it now?",
    "twist.moved": "You moved from “{a}” to “{b}”. What made the difference?",
    "twist.stayed": "You stayed at “{a}”. What held it there?",
    "twist.neutral": "What, if anything, does this change do to how you see the case?",
    "policy.intro": "Here is how one place elsewhere puts it. It is an example, not your rule.",
    "policy.intro_own": "Here is what your institution says.",
    "policy.intro_trial": (
        "Your institution is trying out this wording. The rule in force may be another."
    ),
    "policy.link": "It can be read in full at {link}",
    "clarity.question": "How clear is that wording for this case?",
    "policy.question": "What would it settle for this case, and what would it leave open?",
    "final.question": "Going back to the first version of the case, where do you stand now?",
    "case_close.question": "Is there anything about this case I have not asked and should have?",
    "session.last_case": "That was the last case.",
    "session.common": "Looking back over them, what did they have in common for you, if anything?",
    "session.clearer": (
        "What is one thing you would want your course or organisation to make clearer?"
    ),
    # --- labelled points
    "stance.1": "Completely unacceptable",
    "stance.2": "Somewhat unacceptable",
    "stance.3": "Neither acceptable nor unacceptable",
    "stance.4": "Somewhat acceptable",
    "stance.5": "Completely acceptable",
    "stance.cant_say": "Can’t say / rather not say",
    "clarity.1": "Very unclear",
    "clarity.2": "Rather unclear",
    "clarity.3": "Neither clear nor unclear",
    "clarity.4": "Rather clear",
    "clarity.5": "Very clear",
    "clarity.cant_say": "Can’t say / rather not say",
    "scale.which": "That is kept. Please choose the point that comes closest.",
    "scale.between": "That is kept. Please choose the closer of “{a}” and “{b}”.",
    # --- buttons
    "option.was_answer": "That was my answer",
    "option.carry_on": "Carry on",
    "option.undo": "Undo",
    "option.pause": "Pause",
    "option.stop": "Stop here",
    "menu.skip": "Skip this question",
    "menu.pause": "Pause",
    "menu.stop": "Stop",
    "menu.change_answer": "Change last answer",
    "menu.ask_data_visibility": "Who sees this?",
    "menu.delete_data": "Delete something",
    "chosen.withdraw_consent": "Withdraw from research",
    "chosen.ask_duration": "How long is left?",
    "chosen.delete_one": "Delete one answer",
    # --- what happens to a turn
    "answer.kept": "That is kept with your answers.",
    "redacted": (
        "I have masked {first} in that, since it could identify someone. The rest is saved. "
        "Please put such things generally, for example “a tutor” or “an older patient”."
    ),
    "redacted.two": (
        "I have masked {first} and {second} in that, since they could identify someone. The rest "
        "is saved. Please put such things generally, for example “a tutor” or “an older patient”."
    ),
    "redacted.more": (
        "I have masked {first}, {second} and more in that, since they could identify someone. The "
        "rest is saved. Please put such things generally, for example “a tutor” or “an older "
        "patient”."
    ),
    "masked.something": "something",
    "masked.name": "a name",
    "masked.postcode": "a postcode",
    "masked.phone": "a telephone number",
    "masked.card_number": "a card number",
    "masked.account_number": "an account number",
    "masked.NHS_number": "an NHS number",
    "masked.identity_number": "an identity number",
    "masked.hospital_number": "a hospital or case number",
    "masked.date_of_birth": "a date of birth",
    "masked.handle": "a user name",
    "masked.email": "an e-mail address",
    "masked.web_address": "a personal web address",
    "turn.stale": "That page was behind, perhaps another tab. This is where we are.",
    "turn.stale_words": (
        "That page was behind, perhaps another tab. Your words are kept, but not as an answer. "
        "This is where we are."
    ),
    "turn.not_an_option": "That button does not belong to this question.",
    # --- skip, pause, stop, undo
    "skip.done": "Skipped.",
    "pause.saved": (
        "Everything so far is saved. Come back whenever you like: open this activity in your "
        "course again, or press Carry on."
    ),
    "resume.welcome": "Welcome back. Here is where we were.",
    "resume.here": "This is where we are.",
    "stop.done": (
        "We stop here. Thank you for your time. What you said stays as it is; you can look at it, "
        "change it or delete it under My reflections."
    ),
    "undo.withdraw": "Your answers count for the research again.",
    "undo.nothing": "There is nothing to undo.",
    # --- change
    "change.again": (
        "Here is that question again. Your earlier answer stays until you give a new one."
    ),
    "change.done": "Changed. The earlier version is marked as replaced.",
    "change.kept": "Your earlier answer stays.",
    "change.nothing": "There is no answer to change yet.",
    # --- delete
    "delete.which": "What would you like to delete?",
    "delete.option.last": "My last answer",
    "delete.option.case": "All my answers in this case",
    "delete.option.all": "Everything I have said",
    "delete.option.none": "Nothing: keep everything",
    "delete.option.answer": "Nothing: that was my answer",
    "delete.nothing_deleted": "Nothing has been deleted.",
    "delete.nothing_there": "There is no answer there to delete.",
    "delete.done.last": "Your last answer is deleted.",
    "delete.done.one": "That answer is deleted.",
    "delete.done.case": "Your answers in this case are deleted.",
    "delete.done.all": (
        "Everything you said is deleted. Copies in backups are removed when a backup is restored. "
        "You can close this page."
    ),
    # --- withdraw
    "withdraw.done": (
        "Done: from now on your answers are not part of the research. Figures already published "
        "are corrected at their next update, within seven days. You can go on for yourself, stop, "
        "or press Undo if that was not what you meant."
    ),
    "withdraw.already": "Your answers are already outside the research.",
    # --- ended
    "ended.completed": (
        "That was the last question. Thank you. Your answers are saved under a code, not your "
        "name. Under My reflections you can read, change or delete them. If something here "
        "stirred up a worry, please talk to someone you trust or to your support service."
    ),
    "ended.kept": "The questions are over, but your words are kept with your answers.",
    "ended.no_question": "There is no open question.",
    "ended.already": "The questions are over. You can read your answers under My reflections.",
    # --- confused
    "rephrase.scale": (
        "I am asking only how it looks to you, from completely unacceptable to completely "
        "acceptable, or from very unclear to very clear. Choose the point that comes closest."
    ),
    "rephrase.open": "In other words: what would you think about here, and why?",
    "rephrase.probe": "In other words: I would like to hear a bit more of your own view.",
    "rephrase.twist_reason": "In other words: why is your view the same, or not the same, now?",
    "rephrase.policy_text": (
        "In other words: if this were the rule, what would be clear about the case, and what not?"
    ),
    "rephrase.case_close": "In other words: have I missed something about this case?",
    "rephrase.session_common": "In other words: did the cases have something in common for you?",
    "rephrase.session_clearer": "In other words: what should your course say more clearly?",
    "rephrase.way_out": (
        "I may not be putting this well. Any answer in your own words is fine, in any language, "
        "and you can skip the question."
    ),
    # --- questions to the assistant
    "inform.ask_data_visibility": (
        "Your answers are stored under a code, not your name. Teachers see only counts of at "
        "least five people, never who said what. If you agreed to research, the researchers of "
        "this study read the words under the code. Nobody reads along now."
    ),
    "inform.ask_definition": (
        "By AI I mean tools such as chatbots that write, summarise, translate or comment on text. "
        "If another word is unclear, type the word."
    ),
    "inform.ask_policy": (
        "I cannot say what is allowed for your own work. Your module guide, or the person who set "
        "the task, can. Here I would only like to know how you see the case."
    ),
    "inform.ask_graded": (
        "No, nothing here is marked, and no answer is right or wrong. Your course can see at most "
        "that you took part."
    ),
    "inform.ask_bot_opinion": "I am a program and hold no view. I am here for yours.",
    "inform.ask_are_you_ai": (
        "I am a computer program that asks prepared questions. No person is reading along, and I "
        "do not write or mark anything."
    ),
    "inform.ask_example": (
        "I would rather not give an example answer, so that yours stays your own. A moment from "
        "your work or study may help; please leave out names and anything that could identify a "
        "patient."
    ),
    "inform.ask_duration": (
        "This is case {n} of {total}, about {minutes} minutes in all from here. Everything is "
        "saved as you go."
    ),
    "inform.ask_duration_ended": "That was all: there are no more questions.",
    "inform.accessibility_language": (
        "Please answer in whatever language and length suit you: a few words are fine, and "
        "spelling does not matter. You can skip any question, and your browser can enlarge the "
        "text or read it aloud."
    ),
    "inform.off_topic": "I cannot help with that here.",
    "inform.thanks": "Thank you for your time.",
    # --- disclosure, distress, abuse
    "disclosure.thanks": (
        "Thank you for saying that. I do not judge or report it; your answers are kept as "
        "described at the start. If you would rather not have it kept, type “remove that” and "
        "choose My last answer. For advice on your own work, ask your tutor or students’ union."
    ),
    "support.moderate": (
        "That sounds hard, and the questions can wait. You can carry on, pause or stop, whatever "
        "is best for you. Your wellbeing service, or someone you trust, may be good to talk to."
    ),
    "support.moderate_ended": (
        "That sounds hard. Your wellbeing service, or someone you trust, may be good to talk to."
    ),
    "support.high": (
        "I am sorry that you feel like this. I am a program and cannot help in the way a person "
        "can, and nobody reads this chat as it happens. I have stopped the questions. Please talk "
        "to someone now: whom you can reach is shown below, and stays there."
    ),
    "abuse.calm": "I hear that this is annoying. You can skip a question or stop at any time.",
    "abuse.close": (
        "I will leave it there. Thank you for the time you gave. Your answers are saved."
    ),
    "abuse.ended": "The questions are over.",
    # --- short explanations of terms
    "term.hpe": "HPE is health professions education: teaching people for work in health care.",
    "term.genai": (
        "Generative AI is software that produces text, pictures or code on request, for example a "
        "chatbot."
    ),
    "term.viva": "A viva is an oral exam: the examiner asks, and the candidate explains aloud.",
    "term.hallucination": (
        "A hallucination is something that an AI tool states as fact although it is made up."
    ),
    "term.portfolio": (
        "A portfolio is a collection of pieces that show how someone has learned or worked."
    ),
    "term.grid": "A marking grid lists what a piece of work is judged on, and how.",
    "term.detector": "A detector is software that guesses whether a text was written by AI.",
    "term.declaration": "A declaration says whether, and for what, AI was used in a piece of work.",
    "term.simulated_patient": (
        "A simulated patient is a person, or a script for one, who plays a patient for practice."
    ),
    "term.transcript": "A transcript is the written record of what people said in an interview.",
    "term.support_plan": (
        "A support plan states the adjustments agreed for a student, for example for dyslexia."
    ),
    "term.code": (
        "Your code is a number made from your course account. It cannot be turned back into your "
        "name without a key that is kept apart."
    ),
}

TERMS: dict[str, tuple[str, ...]] = {
    "hpe": ("hpe", "health professions education"),
    "genai": ("genai", "gen ai", "generative ai", "llm", "chatbot", "large language model"),
    "viva": ("viva", "oral exam"),
    "hallucination": ("hallucination", "hallucinate", "hallucinations"),
    "portfolio": ("portfolio", "eportfolio"),
    "grid": ("marking grid", "grid", "rubric"),
    "detector": ("detector", "detection tool"),
    "declaration": ("declaration", "declare", "cover sheet"),
    "simulated_patient": ("simulated patient", "patient script"),
    "transcript": ("transcript", "transcripts"),
    "support_plan": ("support plan", "adjustment"),
    "code": ("pseudonym", "pseudonymous", "code"),
}
"""The words by which a learner may ask for a term's explanation, in English."""
