/*
 * words.h - the word lists of TPC-H (specification, clause 4.2.2.13), each a string list that ends with NULL. A number behind a bar is the
 * word's weight in the pseudo-text; without one it is 1.
 */
#ifndef BENCH_TPCH_WORDS_H
#define BENCH_TPCH_WORDS_H

static const char *const COLORS[] = {
    "almond",    "antique",   "aquamarine", "azure",   "beige",     "bisque", "black",      "blanched", "blue",      "blush",  "brown",
    "burlywood", "burnished", "chartreuse", "chiffon", "chocolate", "coral",  "cornflower", "cornsilk", "cream",     "cyan",   "dark",
    "deep",      "dim",       "dodger",     "drab",    "firebrick", "floral", "forest",     "frosted",  "gainsboro", "ghost",  "goldenrod",
    "green",     "grey",      "honeydew",   "hot",     "indian",    "ivory",  "khaki",      "lace",     "lavender",  "lawn",   "lemon",
    "light",     "lime",      "linen",      "magenta", "maroon",    "medium", "metallic",   "midnight", "mint",      "misty",  "moccasin",
    "navajo",    "navy",      "olive",      "orange",  "orchid",    "pale",   "papaya",     "peach",    "peru",      "pink",   "plum",
    "powder",    "puff",      "purple",     "red",     "rose",      "rosy",   "royal",      "saddle",   "salmon",    "sandy",  "seashell",
    "sienna",    "sky",       "slate",      "smoke",   "snow",      "spring", "steel",      "tan",      "thistle",   "tomato", "turquoise",
    "violet",    "wheat",     "white",      "yellow",  NULL};
static const char *const TYPE_SIZES[] = {"STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO", NULL};
static const char *const TYPE_FINISHES[] = {"ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED", NULL};
static const char *const TYPE_METALS[] = {"TIN", "NICKEL", "BRASS", "STEEL", "COPPER", NULL};
static const char *const CONTAINER_SIZES[] = {"SM", "LG", "MED", "JUMBO", "WRAP", NULL};
static const char *const CONTAINER_KINDS[] = {"CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM", NULL};
static const char *const SEGMENTS[] = {"AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD", NULL};
static const char *const PRIORITIES[] = {"1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW", NULL};
static const char *const INSTRUCTIONS[] = {"DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN", NULL};
static const char *const MODES[] = {"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB", NULL};
static const char *const REGIONS[] = {"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST", NULL};

typedef struct Nation {
    const char *name;
    int region;
} Nation;
static const Nation NATIONS[] = {{"ALGERIA", 0},      {"ARGENTINA", 1},  {"BRAZIL", 1},  {"CANADA", 1},         {"EGYPT", 4},
                                 {"ETHIOPIA", 0},     {"FRANCE", 3},     {"GERMANY", 3}, {"INDIA", 2},          {"INDONESIA", 2},
                                 {"IRAN", 4},         {"IRAQ", 4},       {"JAPAN", 2},   {"JORDAN", 4},         {"KENYA", 0},
                                 {"MOROCCO", 0},      {"MOZAMBIQUE", 0}, {"PERU", 1},    {"CHINA", 2},          {"ROMANIA", 3},
                                 {"SAUDI ARABIA", 4}, {"VIETNAM", 2},    {"RUSSIA", 3},  {"UNITED KINGDOM", 3}, {"UNITED STATES", 1}};
enum { NATION_COUNT = sizeof NATIONS / sizeof *NATIONS };

/* The grammar of the pseudo-text (clause 4.2.2.14): N noun phrase, V verb phrase, P prepositional phrase, T terminator; within these j
   adjective, d adverb, n noun, v verb, x auxiliary, p preposition; what else stands there is written as it is. */
static const char *const SENTENCES[] = {"N V T|3", "N V P T|3", "N V N T|3", "N P V N T|1", "N P V P T|1", NULL};
static const char *const NOUN_PHRASES[] = {"n|10", "j n|20", "j, j n|10", "d j n|50", NULL};
static const char *const VERB_PHRASES[] = {"v|30", "x v|1", "v d|40", "x v d|1", NULL};
static const char *const PREPOSITIONAL_PHRASES[] = {"p the N", NULL};
static const char *const TERMINATORS[] = {".|50", ";|1", ":|1", "?|1", "!|1", "--|1", NULL};
static const char *const NOUNS[] = {
    "packages|40",     "requests|40",     "accounts|40",    "deposits|40",  "foxes|20",      "ideas|20", "theodolites|20", "pinto beans|20",
    "instructions|20", "dependencies|10", "excuses|10",     "platelets|10", "asymptotes|10", "courts|5", "dolphins|5",     "multipliers",
    "sauternes",       "warthogs",        "frets",          "dinos",        "attainments",   "somas",    "Tiresias'",      "patterns",
    "forges",          "braids",          "hockey players", "frays",        "warhorses",     "dugouts",  "notornis",       "epitaphs",
    "pearls",          "tithes",          "waters",         "orbits",       "gifts",         "sheaves",  "depths",         "sentiments",
    "decoys",          "realms",          "pains",          "grouches",     "escapades",     NULL};
static const char *const VERBS[] = {
    "sleep|20", "wake|20", "are|20", "cajole|20", "haggle|20", "nag|10",  "use|10", "boost|10", "affix|5", "detect|5", "integrate|5",
    "maintain", "nod",     "was",    "lose",      "sublate",   "solve",   "thrash", "promise",  "engage",  "hinder",   "print",
    "x-ray",    "breach",  "eat",    "grow",      "impress",   "mold",    "poach",  "serve",    "run",     "dazzle",   "snooze",
    "doze",     "unwind",  "kindle", "play",      "hang",      "believe", "doubt",  NULL};
static const char *const ADJECTIVES[] = {
    "special|20", "pending|20", "unusual|20", "express|20", "furious",  "sly",       "careful", "blithe",  "quick",     "fluffy",
    "slow",       "quiet",      "ruthless",   "thin",       "close",    "dogged",    "daring",  "brave",   "stealthy",  "permanent",
    "enticing",   "idle",       "busy",       "regular|50", "final|40", "ironic|40", "even|30", "bold|20", "silent|10", NULL};
static const char *const ADVERBS[] = {"sometimes",   "always",     "never",       "furiously|50", "slyly|50",  "carefully|50",
                                      "blithely|40", "quickly|30", "fluffily|20", "slowly",       "quietly",   "ruthlessly",
                                      "thinly",      "closely",    "doggedly",    "daringly",     "bravely",   "stealthily",
                                      "permanently", "enticingly", "idly",        "busily",       "regularly", "finally",
                                      "ironically",  "evenly",     "boldly",      "silently",     NULL};
static const char *const PREPOSITIONS[] = {"about|50",
                                           "above|50",
                                           "according to|50",
                                           "across|50",
                                           "after|50",
                                           "against|40",
                                           "along|40",
                                           "alongside of|30",
                                           "among|30",
                                           "around|20",
                                           "at|10",
                                           "atop",
                                           "before",
                                           "behind",
                                           "beneath",
                                           "beside",
                                           "besides",
                                           "between",
                                           "beyond",
                                           "by",
                                           "despite",
                                           "during",
                                           "except",
                                           "for",
                                           "from",
                                           "in place of",
                                           "inside",
                                           "instead of",
                                           "into",
                                           "near",
                                           "of",
                                           "on",
                                           "outside",
                                           "over",
                                           "past",
                                           "since",
                                           "through",
                                           "throughout",
                                           "to",
                                           "toward",
                                           "under",
                                           "until",
                                           "up",
                                           "upon",
                                           "without",
                                           "with",
                                           "within",
                                           NULL};
static const char *const AUXILIARIES[] = {
    "do",   "may",          "might",         "shall",         "will",           "would",        "can",     "could",  "should", "ought to",
    "must", "will have to", "shall have to", "could have to", "should have to", "must have to", "need to", "try to", NULL};

#endif
