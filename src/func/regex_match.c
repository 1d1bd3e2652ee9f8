/*
 * regex_match.c - where a regular expression matches, and its groups, as PostgreSQL finds them.
 *
 * First the whole: at the first place where there is a match, the longest or the shortest, as the expression prefers. Then it is taken
 * apart: each part takes the longest or shortest piece that lets what follows match the rest, parts that start earlier before later ones.
 *  1. Whether a part matches a piece is asked of its states (a set of them walks over the characters): time is steps times states.
 *  2. The first way of taking apart that holds is the answer; where back references make it fail, the next one is tried.
 * Any thread.
 */
#include <limits.h>
#include <string.h>
#include <wctype.h>

#include "func/regex.h"

enum { MAX_STEPS = 200000000, MAX_STATES = 500000, MAX_DEPTH = 2000 };

typedef enum StateKind { STATE_SET, STATE_SPLIT, STATE_TEST, STATE_MATCH } StateKind;

typedef struct State {
    StateKind kind;
    int next, other; /* other: of a split, the second; of a look-around, its program */
    const RegexNode *node;
} State;

/* A part of the expression as it is taken apart. */
typedef struct Part Part;
struct Part {
    enum { PART_PLAIN, PART_PAIR, PART_CHOICE, PART_GROUP, PART_LOOP, PART_BACK } kind;
    RegexTaste taste;
    int program;
    const RegexNode *node;
    Part *left, *right; /* a pair's; a group's and a loop's is left */
    VEC(Part *) choices;
};

typedef VEC(State) States;

/* What a regular expression has become, in its own arena. */
typedef struct RegexProgram {
    States states;
    int start;        /* the program of the whole */
    const Part *root; /* NULL: no place was wanted yet */
    int *sets[2], *marks, mark;
    size_t room; /* of these */
} RegexProgram;

typedef struct Matcher {
    const Regex *regex;
    const uint32_t *text;
    int length;
    States states;
    int *sets[2], *marks, mark; /* members of the sets at hand; the step each state was last added in */
    int *starts, *ends;         /* of the groups, in characters; -1: none */
    uint64_t steps;
    int depth;
    bool failed;
    Arena *arena;
    Error *error;
} Matcher;

/* ---- characters ---- */

bool regex_in_class(RegexClass class, uint32_t c, bool ascii)
{
    static const char *const NAMES[REGEX_NCLASSES] = {"alnum", "alpha", "blank", "cntrl", "digit",  "graph", "lower",
                                                      "print", "punct", "space", "upper", "xdigit", "alnum"};
    if (class == REGEX_WORD && c == '_')
        return true;
    if (ascii && c > 127)
        return false;
    return iswctype_l((wint_t)c, wctype_l(NAMES[class], text_locale()), text_locale()) != 0;
}

static bool in_classes(const RegexSet *set, uint32_t c, bool ascii)
{
    for (int class = 0; class < REGEX_NCLASSES && (set->classes | set->others); class ++) {
        if ((set->classes >> class & 1) && regex_in_class((RegexClass) class, c, ascii))
            return true;
        if ((set->others >> class & 1) && !regex_in_class((RegexClass) class, c, ascii))
            return true;
    }
    return false;
}

static bool in_range(const RegexRange *range, uint32_t c)
{
    return c >= range->first && c <= range->last;
}

/* A letter that stands in a set stands for its lower and its upper form, itself only in a range. */
static bool in_folded_range(const RegexRange *range, uint32_t c)
{
    uint32_t first = range->first, lower = text_to_lower(c), upper = text_to_upper(c);
    if (first == range->last)
        return c == text_to_lower(first) || c == text_to_upper(first);
    return in_range(range, c) || (in_range(range, lower) && text_to_upper(lower) == c) ||
           (in_range(range, upper) && text_to_lower(upper) == c);
}

static bool set_matches(const Matcher *m, const RegexSet *set, uint32_t c)
{
    bool ascii = m->regex->ascii, found = false;
    if (set->not_newline && c == '\n')
        return false;
    for (size_t i = 0; i < set->ranges.count && !found; i++) {
        const RegexRange *range = &set->ranges.items[i];
        bool cased = m->regex->fold && !(ascii && (c > 127 || range->first > 127));
        found = cased ? in_folded_range(range, c) : in_range(range, c);
    }
    return (found || in_classes(set, c, ascii)) != set->negated;
}

static bool is_word_at(const Matcher *m, int at)
{
    return at >= 0 && at < m->length && regex_in_class(REGEX_WORD, m->text[at], m->regex->ascii);
}

/* ---- states ---- */

static int add_state(Matcher *m, StateKind kind, int next, int other, const RegexNode *node)
{
    State state = {kind, next, other, node};
    if (m->states.count >= MAX_STATES) {
        if (!m->failed)
            error_set(m->error, ERRCODE_INVALID_REGULAR_EXPRESSION, "invalid regular expression: regular expression is too complex");
        m->failed = true;
        return 0;
    }
    vec_push(m->arena, &m->states, state);
    return (int)m->states.count - 1;
}

static int build(Matcher *m, const RegexNode *node, int next);

/* The child min to max times, before `next`. */
static int build_times(Matcher *m, const RegexNode *child, int min, int max, int next)
{
    int at = next;
    if (max == REGEX_INFINITE) {
        int split = add_state(m, STATE_SPLIT, next, next, NULL);
        int body = build(m, child, split);
        m->states.items[split].other = body;
        at = split;
    } else {
        for (int i = min; i < max && !m->failed; i++)
            at = add_state(m, STATE_SPLIT, build(m, child, at), next, NULL);
    }
    for (int i = 0; i < min && !m->failed; i++)
        at = build(m, child, at);
    return at;
}

/* States that match the node and go on to `next`; gives the first. */
static int build(Matcher *m, const RegexNode *node, int next)
{
    int at = next;
    if (m->failed)
        return 0;
    switch (node->kind) {
    case REGEX_EMPTY:
        return next;
    case REGEX_SET:
        return add_state(m, STATE_SET, next, -1, node);
    case REGEX_SEQUENCE:
        for (size_t i = node->children.count; i-- > 0;)
            at = build(m, node->children.items[i], at);
        return at;
    case REGEX_CHOICE:
        at = build(m, node->children.items[node->children.count - 1], next);
        for (size_t i = node->children.count - 1; i-- > 0;)
            at = add_state(m, STATE_SPLIT, build(m, node->children.items[i], next), at, NULL);
        return at;
    case REGEX_REPEAT:
        return build_times(m, node->children.items[0], node->min, node->max, next);
    case REGEX_GROUP:
        return build(m, node->children.items[0], next);
    case REGEX_BACK:
        return build_times(m, m->regex->groups[node->group - 1], node->min, node->max, next);
    default:
        return add_state(m, STATE_TEST, next, -1, node);
    }
}

/* ---- running ---- */

static int run(Matcher *m, int program, int from, int least, int limit, bool shortest);

/* A look runs with sets of its own. */
static bool look_holds(Matcher *m, const RegexNode *node, int program, int at)
{
    Matcher inner = *m;
    size_t room = m->states.count + 1;
    for (int i = 0; i < 2; i++)
        inner.sets[i] = ARENA_ARRAY(m->arena, int, room);
    inner.marks = ARENA_ARRAY(m->arena, int, room);
    inner.mark = 0;
    bool found = false;
    if (node->behind) {
        for (int from = at; from >= 0 && !found && !inner.failed; from--)
            found = run(&inner, program, from, at, at, true) == at;
    } else {
        found = run(&inner, program, at, at, m->length, true) >= 0;
    }
    m->steps = inner.steps;
    m->failed |= inner.failed;
    return found != node->negated;
}

static bool holds(Matcher *m, const RegexNode *node, int program, int at)
{
    bool before = is_word_at(m, at - 1), after = is_word_at(m, at);
    switch (node->kind) {
    case REGEX_TEXT_START:
        return at == 0;
    case REGEX_TEXT_END:
        return at == m->length;
    case REGEX_LINE_START:
        return at == 0 || m->text[at - 1] == '\n';
    case REGEX_LINE_END:
        return at == m->length || m->text[at] == '\n';
    case REGEX_WORD_START:
        return !before && after;
    case REGEX_WORD_END:
        return before && !after;
    case REGEX_WORD_EDGE:
        return before != after;
    case REGEX_NO_EDGE:
        return before == after;
    default:
        return look_holds(m, node, program, at);
    }
}

/* Adds what the state leads to without a character. Gives whether the end was among it. */
static bool add_member(Matcher *m, int *set, int *count, int state, int at)
{
    bool matched = false;
    while (state >= 0 && m->marks[state] != m->mark && !m->failed) {
        const State *s = &m->states.items[state];
        m->marks[state] = m->mark;
        m->steps++;
        if (s->kind == STATE_MATCH)
            return true;
        if (s->kind == STATE_SET) {
            set[(*count)++] = state;
            return matched;
        }
        if (s->kind == STATE_TEST && !holds(m, s->node, s->other, at))
            return matched;
        s = &m->states.items[state];
        if (s->kind == STATE_SPLIT)
            matched |= add_member(m, set, count, s->other, at);
        state = s->next;
    }
    return matched;
}

/* The last (shortest: first) place from `least` to `limit` where the program may end that starts at `from`; -1: none. */
static int run(Matcher *m, int program, int from, int least, int limit, bool shortest)
{
    int *now = m->sets[0], *then = m->sets[1], found = -1, count = 0;
    m->mark++;
    if (add_member(m, now, &count, program, from) && from >= least && from <= limit)
        found = from;
    for (int at = from; at < limit && count && !(shortest && found >= 0); at++) {
        int others = 0;
        bool matched = false;
        m->mark++;
        for (int i = 0; i < count; i++) {
            const State *s = &m->states.items[now[i]];
            if (set_matches(m, &s->node->set, m->text[at]))
                matched |= add_member(m, then, &others, s->next, at + 1);
        }
        m->steps += (uint64_t)count;
        if (m->steps > MAX_STEPS || m->failed) {
            if (!m->failed)
                error_set(m->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "regular expression failed: the match needs too many steps");
            m->failed = true;
            return -1;
        }
        if (matched && at + 1 >= least)
            found = at + 1;
        int *swap = now;
        now = then;
        then = swap;
        count = others;
    }
    return found;
}

static bool fits(Matcher *m, const Part *part, int from, int to)
{
    return run(m, part->program, from, to, to, false) == to;
}

/* ---- parts ---- */

static Part *part_of(Matcher *m, const RegexNode *node);

static Part *part_with(Matcher *m, int kind, RegexTaste taste, const RegexNode *node, int program)
{
    Part *part = ARENA_NEW(m->arena, Part);
    part->kind = kind;
    part->taste = taste;
    part->node = node;
    part->program = program;
    return part;
}

static Part *new_part(Matcher *m, int kind, RegexTaste taste, const RegexNode *node)
{
    return part_with(m, kind, taste, node, build(m, node, add_state(m, STATE_MATCH, -1, -1, NULL)));
}

static bool is_plain(const RegexNode *node)
{
    return !node->has_groups && !node->has_backs;
}

/* A node of its own for the parts from `first` to before `last` of a sequence. */
static RegexNode *piece(Matcher *m, const RegexNode *node, size_t first, size_t last)
{
    RegexNode *made = ARENA_NEW(m->arena, RegexNode);
    made->kind = REGEX_SEQUENCE;
    for (size_t i = first; i < last; i++) {
        RegexNode *child = node->children.items[i];
        vec_push(m->arena, &made->children, child);
        made->taste = made->taste ? made->taste : child->taste;
        made->has_long |= child->has_long;
        made->has_short |= child->has_short;
        made->has_groups |= child->has_groups;
        made->has_backs |= child->has_backs;
    }
    return made;
}

static Part *pair(Matcher *m, const RegexNode *whole, Part *left, Part *right)
{
    Part *part = new_part(m, PART_PAIR, left->taste ? left->taste : right->taste, whole);
    part->left = left;
    part->right = right;
    return part;
}

/* What is plain and of one taste goes together; what is not stands by itself, and the rest is one more sequence. */
static Part *part_of_sequence(Matcher *m, const RegexNode *node, size_t first)
{
    bool has_long = false, has_short = false;
    size_t last = first, count = node->children.count;
    for (; last < count; last++) {
        const RegexNode *child = node->children.items[last];
        has_long |= child->has_long;
        has_short |= child->has_short;
        if (!is_plain(child) || (has_long && has_short))
            break;
    }
    const RegexNode *rest = piece(m, node, first, count);
    if (last == count)
        return new_part(m, PART_PLAIN, rest->taste, rest);
    Part *own = part_of(m, node->children.items[last]);
    if (last + 1 < count)
        own = pair(m, piece(m, node, last, count), own, part_of_sequence(m, node, last + 1));
    if (last == first)
        return own;
    const RegexNode *lump = piece(m, node, first, last);
    return pair(m, rest, new_part(m, PART_PLAIN, lump->taste, lump), own);
}

/* x{m,n} is x{m-1,n-1} without places, and x. */
static Part *part_of_repeat(Matcher *m, const RegexNode *node)
{
    const RegexNode *child = node->children.items[0];
    if (node->min == 1 && node->max == 1 && (!child->taste || node->taste == child->taste))
        return part_of(m, child);
    if (node->min == 0 || node->has_backs) {
        Part *loop = new_part(m, PART_LOOP, node->taste, node);
        loop->left = part_of(m, child);
        return loop;
    }
    RegexNode *before = ARENA_NEW(m->arena, RegexNode);
    *before = *node;
    before->min--;
    before->max -= node->max == REGEX_INFINITE ? 0 : 1;
    return pair(m, node, new_part(m, PART_PLAIN, node->taste, before), part_of(m, child));
}

static Part *part_of(Matcher *m, const RegexNode *node)
{
    Part *part;
    if (is_plain(node))
        return node->kind == REGEX_SEQUENCE ? part_of_sequence(m, node, 0) : new_part(m, PART_PLAIN, node->taste, node);
    switch (node->kind) {
    case REGEX_SEQUENCE:
        return part_of_sequence(m, node, 0);
    case REGEX_REPEAT:
        return part_of_repeat(m, node);
    case REGEX_CHOICE:
        part = new_part(m, PART_CHOICE, node->taste, node);
        for (size_t i = 0; i < node->children.count; i++) {
            Part *one = part_of(m, node->children.items[i]);
            vec_push(m->arena, &part->choices, one);
        }
        return part;
    case REGEX_GROUP: {
        Part *inner = part_of(m, node->children.items[0]);
        part = part_with(m, PART_GROUP, node->taste, node, inner->program);
        part->left = inner;
        return part;
    }
    default:
        return new_part(m, PART_BACK, node->taste, node);
    }
}

/* ---- taking apart ---- */

static void forget(Matcher *m, const Part *part)
{
    if (part->kind == PART_GROUP)
        m->starts[part->node->group - 1] = m->ends[part->node->group - 1] = -1;
    if (part->left)
        forget(m, part->left);
    if (part->right)
        forget(m, part->right);
    for (size_t i = 0; i < part->choices.count; i++)
        forget(m, part->choices.items[i]);
}

static bool take_apart(Matcher *m, const Part *part, int from, int to);

static bool take_pair(Matcher *m, const Part *part, int from, int to)
{
    bool shortest = part->left->taste == TASTE_SHORT;
    int least = from, limit = to;
    for (;;) {
        int middle = run(m, part->left->program, from, least, limit, shortest);
        if (middle < 0 || m->failed)
            return false;
        if (fits(m, part->right, middle, to)) {
            if (take_apart(m, part->left, from, middle) && take_apart(m, part->right, middle, to))
                return true;
            forget(m, part->left);
            forget(m, part->right);
        }
        if (shortest)
            least = middle + 1;
        else
            limit = middle - 1;
        if (least > to || limit < from)
            return false;
    }
}

static bool take_choice(Matcher *m, const Part *part, int from, int to)
{
    for (size_t i = 0; i < part->choices.count; i++)
        if (fits(m, part->choices.items[i], from, to) && take_apart(m, part->choices.items[i], from, to))
            return true;
    return false;
}

/* The next end of turn k: -1 when there is none beside those tried. */
static int next_turn(Matcher *m, const Part *part, const int *ends, int turn, int least, int limit)
{
    return run(m, part->left->program, ends[turn - 1], least, limit, part->taste == TASTE_SHORT);
}

/* Every turn but the last may keep its places: they are the last turn's. */
static bool verify_turns(Matcher *m, const Part *part, const int *ends, int turns, int *verified)
{
    for (int i = *verified + 1; i <= turns; i++) {
        forget(m, part->left);
        if (!take_apart(m, part->left, ends[i - 1], ends[i]))
            return false;
        *verified = i;
    }
    return true;
}

/* The child again and again, each turn the longest (or shortest) piece that lets the others fill what is left. */
static bool take_loop(Matcher *m, const Part *part, int from, int to)
{
    bool shortest = part->taste == TASTE_SHORT;
    int min = part->node->min, most = part->node->max == REGEX_INFINITE ? to - from : part->node->max;
    if (min == 0 && from == to) { /* one turn if it can be, for the places it has */
        if (!fits(m, part->left, from, to) || !take_apart(m, part->left, from, to))
            forget(m, part->left);
        return true;
    }
    min = min > 1 ? min : 1;
    most = most > to - from ? to - from : most;
    most = most < min ? min : most;
    int *ends = ARENA_ARRAY(m->arena, int, most + 2);
    int turn = 1, least = from, limit = to, verified = 0;
    ends[0] = from;
    while (turn > 0 && !m->failed) {
        if (shortest && turn >= most && least < to)
            least = to;
        int end = least <= limit ? next_turn(m, part, ends, turn, least, limit) : -1;
        bool back = end < 0;
        if (!back) {
            ends[turn] = end;
            verified = verified < turn ? verified : turn - 1;
            bool empty = end == ends[turn - 1] && (turn >= min || min - turn < to - end);
            if (end != to && turn < most && !empty) {
                turn++;
                least = end;
                limit = to;
                continue;
            }
            back = end != to || turn < min;
            if (!back && verify_turns(m, part, ends, turn, &verified))
                return true;
        }
        /* another end for this turn, or for one before */
        if (end < 0)
            turn--;
        if (turn > 0) {
            least = shortest ? ends[turn] + 1 : ends[turn - 1];
            limit = shortest ? to : ends[turn] - 1;
        }
    }
    return false;
}

static bool take_back(const Matcher *m, const Part *part, int from, int to)
{
    int start = m->starts[part->node->group - 1], end = m->ends[part->node->group - 1], size = end - start;
    if (start < 0)
        return false;
    if (size == 0)
        return from == to;
    if ((to - from) % size != 0)
        return false;
    int times = (to - from) / size;
    for (int i = 0; i < to - from; i++) {
        uint32_t a = m->text[from + i], b = m->text[start + i % size];
        bool cased = m->regex->fold && !(m->regex->ascii && (a > 127 || b > 127));
        if (a != b && !(cased && text_to_lower(a) == text_to_lower(b)))
            return false;
    }
    return times >= part->node->min && (part->node->max == REGEX_INFINITE || times <= part->node->max);
}

static bool take_group(Matcher *m, const Part *part, int from, int to)
{
    if (!take_apart(m, part->left, from, to))
        return false;
    m->starts[part->node->group - 1] = from;
    m->ends[part->node->group - 1] = to;
    return true;
}

static bool take_apart(Matcher *m, const Part *part, int from, int to)
{
    if (m->failed || ++m->depth > MAX_DEPTH)
        return false;
    bool ok = true;
    switch (part->kind) {
    case PART_PLAIN:
        break;
    case PART_PAIR:
        ok = take_pair(m, part, from, to);
        break;
    case PART_CHOICE:
        ok = take_choice(m, part, from, to);
        break;
    case PART_GROUP:
        ok = take_group(m, part, from, to);
        break;
    case PART_LOOP:
        ok = take_loop(m, part, from, to);
        break;
    case PART_BACK:
        ok = take_back(m, part, from, to);
        break;
    }
    m->depth--;
    return ok;
}

/* ---- the whole ---- */

/* All ends that a match from here may have, the preferred first, until one can be taken apart. */
static bool match_here(Matcher *m, const Part *root, int from, int *to)
{
    bool shortest = root->taste == TASTE_SHORT;
    int least = from, limit = m->length;
    while (least <= limit && !m->failed) {
        int end = run(m, root->program, from, least, limit, shortest);
        if (end < 0)
            return false;
        for (int i = 0; i < m->regex->ngroups; i++)
            m->starts[i] = m->ends[i] = -1;
        if (take_apart(m, root, from, end)) {
            *to = end;
            return true;
        }
        if (shortest)
            least = end + 1;
        else
            limit = end - 1;
    }
    return false;
}

static void decode(Matcher *m, const char *text, size_t len, size_t from, size_t **offsets, int *first)
{
    uint32_t *chars = ARENA_ARRAY(m->arena, uint32_t, len + 1);
    *offsets = ARENA_ARRAY(m->arena, size_t, len + 2);
    *first = 0;
    for (size_t at = 0, size; at < len; at += size) {
        if (at < from)
            *first = m->length + 1;
        (*offsets)[m->length] = at;
        chars[m->length++] = text_decode(text + at, &size);
    }
    (*offsets)[m->length] = len;
    m->text = chars;
}

/* The programs of the looks among the states from `first` on. */
static void build_looks(Matcher *m, size_t first)
{
    for (size_t i = first; i < m->states.count && m->regex->has_looks; i++) {
        const RegexNode *node = m->states.items[i].node;
        if (node && node->kind == REGEX_LOOK) {
            int program = build(m, node->children.items[0], add_state(m, STATE_MATCH, -1, -1, NULL));
            m->states.items[i].other = program;
        }
    }
}

/* Sets that have room for all states; steps are counted on, so that no mark has to be taken away. */
static void make_room(RegexProgram *program, Arena *arena)
{
    size_t room = program->states.count + 1;
    if (room > program->room) {
        program->sets[0] = ARENA_ARRAY(arena, int, room);
        program->sets[1] = ARENA_ARRAY(arena, int, room);
        program->marks = ARENA_ARRAY(arena, int, room);
        program->room = room;
        program->mark = 0;
    } else if (program->mark > INT_MAX / 2) {
        memset(program->marks, 0, sizeof(int) * program->room);
        program->mark = 0;
    }
}

/* Makes the program if there is none yet. places: its parts, too. */
static RegexProgram *prepare(Matcher *m, Regex *regex, bool places)
{
    Arena *scratch = m->arena;
    RegexProgram *program = regex->program;
    m->arena = regex->arena;
    if (!program) {
        program = ARENA_NEW(m->arena, RegexProgram);
        program->start = build(m, regex->root, add_state(m, STATE_MATCH, -1, -1, NULL));
        build_looks(m, 0);
    } else {
        m->states = program->states;
    }
    size_t before = m->states.count;
    if (places && !program->root && !m->failed) {
        program->root = part_of(m, regex->root);
        build_looks(m, before);
    }
    m->arena = scratch;
    if (m->failed)
        return NULL;
    program->states = m->states;
    make_room(program, regex->arena);
    memcpy(m->sets, program->sets, sizeof m->sets);
    m->marks = program->marks;
    m->mark = program->mark;
    return regex->program = program;
}

/* Whether a match begins at `first` or behind: all of them are walked at once. */
static bool run_anywhere(Matcher *m, int program, int first)
{
    int *now = m->sets[0], *then = m->sets[1], count = 0;
    m->mark++;
    bool found = add_member(m, now, &count, program, first);
    for (int at = first; at < m->length && !found && !m->failed; at++) {
        int others = 0;
        m->mark++;
        for (int i = 0; i < count && !found; i++) {
            const State *s = &m->states.items[now[i]];
            if (set_matches(m, &s->node->set, m->text[at]))
                found = add_member(m, then, &others, s->next, at + 1);
        }
        found = found || add_member(m, then, &others, program, at + 1);
        m->steps += (uint64_t)count;
        if (m->steps > MAX_STEPS && !m->failed)
            m->failed = !error_set(m->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "regular expression failed: the match needs too many steps");
        int *swap = now;
        now = then;
        then = swap;
        count = others;
    }
    return found && !m->failed;
}

bool regex_run(Regex *regex, const char *text, size_t len, size_t from, RegexPlace *places, bool *found, Arena *arena, Error *error)
{
    Matcher m = {.regex = regex, .arena = arena, .error = error};
    size_t *offsets;
    int first, to = -1;
    decode(&m, text, len, from, &offsets, &first);
    m.starts = ARENA_ARRAY(arena, int, regex->ngroups + 1);
    m.ends = ARENA_ARRAY(arena, int, regex->ngroups + 1);
    *found = false;
    RegexProgram *program = prepare(&m, regex, true);
    if (!program)
        return false;
    int last = run_anywhere(&m, program->start, first) ? m.length : -1; /* else each place would walk over all that follows it */
    for (int at = first; at <= last && !*found && !m.failed; at++) {
        *found = match_here(&m, program->root, at, &to);
        places[0] = *found ? (RegexPlace){offsets[at], offsets[to], true} : (RegexPlace){0};
    }
    program->mark = m.mark;
    for (int i = 0; *found && i < regex->ngroups; i++) {
        bool has = m.starts[i] >= 0;
        places[i + 1] = has ? (RegexPlace){offsets[m.starts[i]], offsets[m.ends[i]], true} : (RegexPlace){0};
    }
    return !m.failed;
}

bool regex_test(Regex *regex, const char *text, size_t len, bool *found, Arena *arena, Error *error)
{
    if (regex->root->has_backs) { /* what they stand for is known only when the match is taken apart */
        RegexPlace *places = ARENA_ARRAY(arena, RegexPlace, regex->ngroups + 1);
        return regex_run(regex, text, len, 0, places, found, arena, error);
    }
    Matcher m = {.regex = regex, .arena = arena, .error = error};
    size_t *offsets;
    int first;
    decode(&m, text, len, 0, &offsets, &first);
    RegexProgram *program = prepare(&m, regex, false);
    if (!program)
        return false;
    *found = run_anywhere(&m, program->start, first);
    program->mark = m.mark;
    return !m.failed;
}
