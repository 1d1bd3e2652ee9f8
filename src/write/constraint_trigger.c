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
    return trigger->is_deferrable ? write->context->trigger(write->context->arg, &waiting, write->arena, write->error)
                                  : enforce(write, trigger);
}

bool write_constraint_trigger(const WriteContext *context, const WriteTrigger *trigger, Arena *arena, Error *error)
{
    Write write = {.context = context,
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .error = error,
                   .number = trigger->number,
                   .root = trigger->relation};
    return enforce(&write, trigger);
}

/* ---- what is known already ---- */

/* All rows of a write were asked about at once, when its tables were as the stamps say. */
typedef struct Answer {
    Oid constraint, function;
    int64_t number; /* of the write */
    int64_t nodes[CONSTRAINT_TABLES], stamps[CONSTRAINT_TABLES];
    int64_t broken; /* as its ConstraintAsk has said */
} Answer;

struct WriteAnswers {
    Arena *arena;
    VEC(Answer) items;
};

WriteAnswers *write_answers_open(Arena *arena)
{
    WriteAnswers *answers = ARENA_NEW(arena, WriteAnswers);
    answers->arena = arena;
    return answers;
}

static bool is_as_it_was(const Write *write, const CatRelation *const *tables, const Answer *answer)
{
    for (int i = 0; i < CONSTRAINT_TABLES; i++)
        if (tables[i]->stored_node != answer->nodes[i] || exec_store_stamp(write->context->engine, answer->nodes[i]) != answer->stamps[i])
            return false;
    return true;
}

bool constraint_trigger_is_known(Write *write, const WriteTrigger *trigger, const CatRelation *const *tables, ConstraintAsk *ask, void *arg,
                                 bool *out)
{
    WriteAnswers *answers = write->context->answers;
    Answer answer = {.constraint = trigger->constraint, .function = trigger->function, .number = trigger->number};
    for (size_t i = 0; i < answers->items.count; i++) {
        const Answer *known = &answers->items.items[i];
        if (known->constraint != answer.constraint || known->function != answer.function || known->number != answer.number)
            continue;
        *out = (!known->broken || trigger->new_number < known->broken) && is_as_it_was(write, tables, known);
        return true;
    }
    for (int i = 0; i < CONSTRAINT_TABLES; i++) {
        answer.nodes[i] = tables[i]->stored_node;
        answer.stamps[i] = exec_store_stamp(write->context->engine, answer.nodes[i]);
    }
    if (!ask(arg, &answer.broken))
        return false;
    *out = !answer.broken || trigger->new_number < answer.broken;
    vec_push(answers->arena, &answers->items, answer);
    return true;
}
