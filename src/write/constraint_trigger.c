/*
 * constraint_trigger.c - the triggers by which constraints are kept, PostgreSQL's own functions: foreign keys' (foreign_key.c) and those of
 * deferrable keys (unique.c). They stand in the line of AFTER triggers; what is deferred waits in the session.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

enum { UNIQUE_KEY_RECHECK = 1250 };

bool constraint_trigger_rechecks(Oid function)
{
    return function == UNIQUE_KEY_RECHECK;
}

bool constraint_trigger_is(Oid function)
{
    return constraint_trigger_rechecks(function) || foreign_key_is_trigger(function);
}

static bool enforce(Write *write, const WriteTrigger *trigger)
{
    return constraint_trigger_rechecks(trigger->function) ? unique_recheck(write, trigger) : foreign_key_enforce(write, trigger);
}

bool constraint_trigger_fire(Write *write, const WriteTrigger *trigger)
{
    WriteTrigger waiting = *trigger;
    if (constraint_trigger_rechecks(trigger->function) && !unique_is_doubtful(write, trigger->constraint, trigger->new_number))
        return true;
    if (!trigger->is_deferrable)
        return enforce(write, trigger);
    return foreign_key_is_kept(write, trigger, &waiting.is_kept) &&
           write->context->trigger(write->context->arg, &waiting, write->arena, write->error);
}

bool write_constraint_trigger(const WriteContext *context, const WriteTrigger *trigger, Arena *arena, Error *error)
{
    Write write = {.context = context,
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .lasting = arena,
                   .error = error,
                   .number = trigger->number,
                   .root = trigger->relation};
    return enforce(&write, trigger);
}

/* ---- one question for many triggers ---- */

/* All rows of some writes were asked about at once, when the tables were as the stamps say. */
typedef struct Answer {
    Oid constraint, function;
    int64_t first, last; /* writes */
    int64_t nodes[2], stamps[2];
    int64_t broken; /* as ConstraintQuestion.ask has said */
    int64_t span;   /* writes to be asked about next */
} Answer;

struct WriteAnswers {
    Arena *arena;
    VEC(Answer) items; /* the last one of each constraint's function */
};

WriteAnswers *write_answers_open(Arena *arena)
{
    WriteAnswers *answers = ARENA_NEW(arena, WriteAnswers);
    answers->arena = arena;
    return answers;
}

static Answer *find_answer(WriteAnswers *answers, const WriteTrigger *trigger)
{
    for (size_t i = 0; i < answers->items.count; i++) {
        Answer *answer = &answers->items.items[i];
        if (answer->constraint == trigger->constraint && answer->function == trigger->function)
            return answer;
    }
    vec_push(answers->arena, &answers->items,
             ((Answer){.constraint = trigger->constraint, .function = trigger->function, .span = INT64_MAX}));
    return &answers->items.items[answers->items.count - 1];
}

static bool helps(const Write *write, const ConstraintQuestion *question, const Answer *answer)
{
    for (size_t i = 0; i < COUNT_OF(answer->nodes); i++)
        if (question->tables[i]->stored_node != answer->nodes[i] ||
            exec_store_stamp(write->context->engine, answer->nodes[i]) != answer->stamps[i])
            return false;
    return !answer->broken || (question->row && question->row < answer->broken);
}

static bool ask(const Write *write, const ConstraintQuestion *question, int64_t last, Answer *answer)
{
    for (size_t i = 0; i < COUNT_OF(answer->nodes); i++) {
        answer->nodes[i] = question->tables[i]->stored_node;
        answer->stamps[i] = exec_store_stamp(write->context->engine, answer->nodes[i]);
    }
    answer->first = write->number;
    answer->last = last;
    answer->span = last - write->number + 1;
    return question->ask(question->arg, last, &answer->broken);
}

/* As many writes are asked about as helped the last time, and twice as many the next; half as many where that does not help. Those before
 * them that are asked about already are not asked about again. */
bool constraint_trigger_is_known(Write *write, const WriteTrigger *trigger, const ConstraintQuestion *question, bool *out)
{
    Answer *answer = find_answer(write->context->answers, trigger);
    int64_t number = write->number, now;
    *out = number >= answer->first && number <= answer->last && helps(write, question, answer);
    while (!*out) {
        if (number < answer->first || (number == answer->first && number == answer->last))
            return true;
        if (number <= answer->last)
            answer->span = (answer->last - answer->first + 1) / 2;
        if (!catalog_stored_number(write->catalog, &now, write->error))
            return false;
        int64_t last = now - number < answer->span ? now : number + answer->span - 1;
        if (last == number && !question->row)
            return true;
        if (!ask(write, question, last, answer))
            return false;
        *out = helps(write, question, answer);
        answer->span *= *out ? 2 : 1;
    }
    return true;
}
