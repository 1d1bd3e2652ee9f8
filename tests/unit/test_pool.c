/* test_pool.c - pools and sessions of remote connections, over a module that only counts. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"
#include "wrapper/wrapper.h"

/* ---- a module whose connections are numbers ---- */

struct FdwConnection {
    int number;
    bool dead, begun;
    const char *snapshot;
};

static atomic_int opened, closed, most, open_now, begun, committed, rolled_back, cancelled;
static atomic_bool refuse, die;

static FdwConnection *counted_connect(FdwCall *call, const FdwConnectInfo *info)
{
    if (refuse && open_now > 0) {
        FdwError error = {.sqlstate = "08001", .message = "refused"};
        call->host->fail(call, &error);
        return NULL;
    }
    FdwConnection *connection = call->host->alloc(call, sizeof *connection);
    connection->number = ++opened;
    int now = ++open_now;
    if (now > most)
        most = now;
    return connection;
}

static void counted_disconnect(FdwConnection *connection)
{
    closed++;
    open_now--;
}

static bool counted_alive(FdwConnection *connection)
{
    return !die;
}

static void counted_cancel(FdwConnection *connection)
{
    cancelled++;
}

static bool counted_begin(FdwCall *call, FdwConnection *connection, const char *snapshot)
{
    begun++;
    connection->begun = true;
    connection->snapshot = snapshot ? "shared" : "own";
    return true;
}

static const char *counted_export(FdwCall *call, FdwConnection *connection)
{
    return "snapshot-1";
}

static bool counted_commit(FdwCall *call, FdwConnection *connection)
{
    committed++;
    connection->begun = false;
    return true;
}

static bool counted_rollback(FdwCall *call, FdwConnection *connection)
{
    rolled_back++;
    connection->begun = false;
    return true;
}

static const FdwModule COUNTED = {
    .name = "counted",
    .connect = counted_connect,
    .disconnect = counted_disconnect,
    .is_alive = counted_alive,
    .cancel = counted_cancel,
    .begin = counted_begin,
    .export_snapshot = counted_export,
    .commit = counted_commit,
    .rollback = counted_rollback,
};

typedef struct Fixture {
    Arena *arena;
    Error error;
    WrapperHost *host;
    RemoteSession *session;
    CatServer server;
    FdwOptionValue option;
    RemoteTarget target;
} Fixture;

static atomic_bool wants_cancel;

static bool is_cancelled(void *arg)
{
    return wants_cancel;
}

static void set_up(Fixture *fixture, const char *cap)
{
    opened = closed = most = open_now = begun = committed = rolled_back = cancelled = 0;
    refuse = die = wants_cancel = false;
    fixture->arena = arena_open(NULL);
    error_init(&fixture->error, fixture->arena);
    fixture->host = wrapper_host_open("/nonexistent", NULL, fixture->arena);
    fixture->session = remote_session_open(fixture->host, fixture->arena, is_cancelled, NULL, NULL);
    fixture->server = (CatServer){.oid = 1, .name = "s"};
    fixture->option = (FdwOptionValue){"max_connections", cap};
    fixture->target = (RemoteTarget){.server = &fixture->server, .module = &COUNTED, .key = {1}};
    fixture->target.info.server_options = (FdwOptions){&fixture->option, 1};
}

static void tear_down(Fixture *fixture)
{
    remote_session_close(fixture->session);
    wrapper_host_close(fixture->host);
    CHECK(open_now == 0 && opened == closed);
    arena_close(fixture->arena);
}

static RemoteConnection **acquire(Fixture *fixture, int wished, bool in_transaction, int *given)
{
    RemoteWant want = {.target = &fixture->target, .connections = wished};
    if (!remote_acquire(fixture->session, &want, 1, in_transaction, fixture->arena, &fixture->error))
        return NULL;
    *given = want.ngiven;
    return want.given;
}

/* ---- tests ---- */

static void connections_are_reused(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    for (int i = 0; i < 5; i++) {
        RemoteConnection **connections = acquire(&fixture, 1, false, &given);
        CHECK(connections && given == 1);
        remote_release(fixture.session, connections[0], false);
    }
    CHECK(opened == 1 && begun == 0);
    tear_down(&fixture);
}

static void a_broken_or_dead_connection_is_not(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], true);
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 2 && closed == 1);
    die = true;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 3 && closed == 2);
    tear_down(&fixture);
}

static void wishes_stop_at_the_cap(void)
{
    Fixture fixture;
    set_up(&fixture, "3");
    int given;
    RemoteConnection **connections = acquire(&fixture, 8, false, &given);
    CHECK(connections && given == 3 && most == 3);
    for (int i = 0; i < given; i++)
        remote_release(fixture.session, connections[i], false);
    tear_down(&fixture);
}

static void what_can_never_be_had_is_refused_at_once(void)
{
    Fixture fixture;
    set_up(&fixture, "1");
    RemoteWant wants[2] = {{.target = &fixture.target, .connections = 1}, {.target = &fixture.target, .connections = 1}};
    CHECK(!remote_acquire(fixture.session, wants, 2, false, fixture.arena, &fixture.error));
    CHECK_STR(fixture.error.sqlstate, "53300");
    CHECK_STR(fixture.error.message, "too many connections to server \"s\"");
    CHECK(opened == 0);
    tear_down(&fixture);
}

static void an_extra_connection_may_fail(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    refuse = true;
    int given;
    RemoteConnection **connections = acquire(&fixture, 3, false, &given);
    CHECK(connections && given == 1 && !error_is_set(&fixture.error));
    remote_release(fixture.session, connections[0], false);
    tear_down(&fixture);
}

static void several_connections_of_a_statement_share_a_snapshot(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection **connections = acquire(&fixture, 3, false, &given);
    CHECK(given == 3 && begun == 3);
    int own = 0;
    for (int i = 0; i < given; i++)
        own += strcmp(connections[i]->connection->snapshot, "own") == 0;
    CHECK(own == 1);
    for (int i = 0; i < given; i++)
        remote_release(fixture.session, connections[i], false);
    CHECK(committed == 3);
    tear_down(&fixture);
}

static void a_transaction_keeps_one_connection_and_its_snapshot(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection *first = acquire(&fixture, 1, true, &given)[0];
    FdwConnection *anchor = first->connection;
    remote_release(fixture.session, first, false);
    CHECK(begun == 1 && committed == 0);
    RemoteConnection *again = acquire(&fixture, 1, true, &given)[0];
    CHECK(again->connection == anchor && begun == 1);
    RemoteConnection *beside = acquire(&fixture, 1, true, &given)[0];
    CHECK(beside->connection != anchor && begun == 2);
    CHECK_STR(beside->connection->snapshot, "shared");
    remote_release(fixture.session, beside, false);
    remote_release(fixture.session, again, false);
    CHECK(committed == 1);
    CHECK(remote_commit(fixture.session, &fixture.error) && committed == 2);
    remote_release(fixture.session, acquire(&fixture, 1, true, &given)[0], false);
    CHECK(begun == 3 && opened == 2);
    remote_rollback(fixture.session);
    CHECK(rolled_back == 1);
    tear_down(&fixture);
}

static void a_lost_snapshot_is_not_replaced(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, true, &given)[0], true);
    CHECK(!acquire(&fixture, 1, true, &given));
    CHECK_STR(fixture.error.sqlstate, "08006");
    remote_rollback(fixture.session);
    RemoteConnection **connections = acquire(&fixture, 1, true, &given);
    CHECK(connections != NULL);
    remote_release(fixture.session, connections[0], false);
    tear_down(&fixture);
}

static void a_cancelled_connection_is_closed(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    RemoteConnection *connection = acquire(&fixture, 1, false, &given)[0];
    remote_cancel(fixture.session);
    CHECK(cancelled == 1);
    remote_release(fixture.session, connection, false);
    CHECK(closed == 1);
    remote_cancel(fixture.session);
    CHECK(cancelled == 1);
    tear_down(&fixture);
}

static void changed_options_make_another_pool(void)
{
    Fixture fixture;
    set_up(&fixture, "4");
    int given;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    fixture.target.key[0] = 2;
    remote_release(fixture.session, acquire(&fixture, 1, false, &given)[0], false);
    CHECK(opened == 2 && closed == 1);
    tear_down(&fixture);
}

static void *take_and_release(void *arg)
{
    Fixture *fixture = arg;
    Arena *arena = arena_open(NULL);
    RemoteSession *session = remote_session_open(fixture->host, arena, NULL, NULL, NULL);
    for (int i = 0; i < 200; i++) {
        Error error;
        error_init(&error, arena);
        RemoteWant wants[2] = {{.target = &fixture->target, .connections = 1}, {.target = &fixture->target, .connections = 2}};
        if (!remote_acquire(session, wants, 2, false, arena, &error)) {
            arena_close(arena);
            return "failed";
        }
        for (int w = 0; w < 2; w++)
            for (int c = 0; c < wants[w].ngiven; c++)
                remote_release(session, wants[w].given[c], i % 7 == 0);
    }
    remote_session_close(session);
    arena_close(arena);
    return NULL;
}

static void threads_never_exceed_the_cap_nor_block_each_other(void)
{
    Fixture fixture;
    set_up(&fixture, "3");
    pthread_t threads[6];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_create(&threads[i], NULL, take_and_release, &fixture);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        CHECK(failed == NULL);
    }
    CHECK(most <= 3);
    tear_down(&fixture);
}

/* ---- several sessions ---- */

enum { SESSIONS = 4 };

/* A session of its own, on a thread of its own while it waits. */
typedef struct Actor {
    Arena *arena;
    RemoteSession *session;
    atomic_bool cancelled, done;
    RemoteWant wants[2];
    size_t nwants;
    bool ok;
    Error error;
    pthread_t thread;
} Actor;

typedef struct Stage {
    Fixture fixture;
    CatServer servers[2];
    RemoteTarget targets[2][2]; /* by server and user */
    Actor actors[SESSIONS];
} Stage;

static bool actor_is_cancelled(void *arg)
{
    return ((Actor *)arg)->cancelled;
}

static void open_stage(Stage *stage, const char *cap)
{
    set_up(&stage->fixture, cap);
    for (int s = 0; s < 2; s++) {
        stage->servers[s] = (CatServer){.oid = (Oid)(s + 1), .name = s ? "t" : "s"};
        for (int u = 0; u < 2; u++) {
            stage->targets[s][u] = stage->fixture.target;
            stage->targets[s][u].server = &stage->servers[s];
            stage->targets[s][u].mapping = (Oid)(u + 1);
            stage->targets[s][u].key[0] = (unsigned char)(s + 1);
            stage->targets[s][u].key[1] = (unsigned char)u;
        }
    }
    for (int i = 0; i < SESSIONS; i++) {
        Actor *actor = &stage->actors[i];
        *actor = (Actor){.arena = arena_open(NULL)};
        actor->session = remote_session_open(stage->fixture.host, actor->arena, actor_is_cancelled, actor, NULL);
    }
}

static void close_stage(Stage *stage)
{
    for (int i = 0; i < SESSIONS; i++) {
        remote_session_close(stage->actors[i].session);
        arena_close(stage->actors[i].arena);
    }
    tear_down(&stage->fixture);
}

static void *act(void *arg)
{
    Actor *actor = arg;
    error_init(&actor->error, actor->arena);
    actor->ok = remote_acquire(actor->session, actor->wants, actor->nwants, true, actor->arena, &actor->error);
    actor->done = true;
    return NULL;
}

/* Wants one connection of each. */
static void set_wants(Actor *actor, const RemoteTarget *first, const RemoteTarget *second)
{
    actor->wants[0] = (RemoteWant){.target = first, .connections = 1};
    actor->wants[1] = (RemoteWant){.target = second, .connections = 1};
    actor->nwants = second ? 2 : 1;
    actor->done = false;
}

static bool takes(Actor *actor, const RemoteTarget *first, const RemoteTarget *second)
{
    set_wants(actor, first, second);
    act(actor);
    return actor->ok;
}

/* Waits on a thread; returns when it does. */
static void queues(Actor *actor, const RemoteTarget *first, const RemoteTarget *second)
{
    set_wants(actor, first, second);
    pthread_create(&actor->thread, NULL, act, actor);
    for (int i = 0; i < 40 && !actor->done; i++)
        usleep(1000);
}

static void joins(Actor *actor)
{
    pthread_join(actor->thread, NULL);
}

/* Gives all back, as the end of a transaction does. */
static void ends(Actor *actor)
{
    for (size_t i = 0; i < actor->nwants; i++)
        for (int j = 0; actor->ok && j < actor->wants[i].ngiven; j++)
            remote_release(actor->session, actor->wants[i].given[j], false);
    remote_rollback(actor->session);
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void the_cap_is_the_servers(void)
{
    Stage stage;
    open_stage(&stage, "2");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && takes(&a[1], &stage.targets[0][1], NULL));
    remote_limits(a[2].session)->queue_ms = 30;
    CHECK(!takes(&a[2], &stage.targets[0][1], NULL));
    CHECK_STR(a[2].error.sqlstate, "53300");
    CHECK(takes(&a[2], &stage.targets[1][1], NULL));
    /* Without the server's option the session's limit counts. */
    FdwOptions none = {0};
    stage.targets[0][0].info.server_options = none;
    remote_limits(a[3].session)->connections = 3;
    CHECK(takes(&a[3], &stage.targets[0][0], NULL) && open_now == 4);
    close_stage(&stage);
}

static void an_idle_connection_of_another_user_makes_room(void)
{
    Stage stage;
    open_stage(&stage, "2");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && takes(&a[1], &stage.targets[0][0], NULL));
    ends(&a[0]);
    CHECK(takes(&a[0], &stage.targets[0][1], NULL));
    CHECK(opened == 3 && closed == 1 && most == 2);
    close_stage(&stage);
}

static void an_idle_connection_goes_when_its_time_is_over(void)
{
    Stage stage;
    open_stage(&stage, "4");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && takes(&a[1], &stage.targets[0][0], NULL));
    remote_limits(a[0].session)->idle_ms = 0;
    ends(&a[0]);
    remote_limits(a[1].session)->idle_ms = 20;
    ends(&a[1]);
    for (int i = 0; i < 2000 && !closed; i++)
        usleep(1000);
    CHECK(closed == 1 && open_now == 1);
    close_stage(&stage);
}

static void waiting_ends_when_cancelled(void)
{
    Stage stage;
    open_stage(&stage, "1");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL));
    remote_limits(a[1].session)->queue_ms = 0;
    queues(&a[1], &stage.targets[0][0], NULL);
    CHECK(!a[1].done);
    a[1].cancelled = true;
    remote_cancel(a[1].session);
    joins(&a[1]);
    CHECK(!a[1].ok);
    CHECK_STR(a[1].error.sqlstate, "57014");
    close_stage(&stage);
}

static void waiting_ends_with_the_queue_timeout(void)
{
    Stage stage;
    open_stage(&stage, "1");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL));
    remote_limits(a[1].session)->queue_ms = 50;
    int64_t start = milliseconds();
    CHECK(!takes(&a[1], &stage.targets[0][0], NULL) && milliseconds() - start >= 50);
    CHECK_STR(a[1].error.sqlstate, "53300");
    CHECK_STR(a[1].error.message, "too many connections to server \"s\"");
    CHECK_STR(a[1].error.detail, "Its limit is 1, and no connection became free within 50 ms.");
    close_stage(&stage);
}

static void nobody_overtakes(void)
{
    Stage stage;
    open_stage(&stage, "2");
    Actor *a = stage.actors;
    const RemoteTarget *one = &stage.targets[0][0], *other = &stage.targets[0][1];
    CHECK(takes(&a[0], one, NULL) && takes(&a[1], one, NULL));
    queues(&a[2], one, one);
    ends(&a[0]);
    queues(&a[3], other, NULL);
    CHECK(!a[2].done && !a[3].done);
    ends(&a[1]);
    joins(&a[2]);
    CHECK(a[2].ok && !a[3].done);
    ends(&a[2]);
    joins(&a[3]);
    CHECK(a[3].ok && most == 2);
    close_stage(&stage);
}

static void who_is_waited_for_goes_first(void)
{
    Stage stage;
    open_stage(&stage, "1");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[1][0], NULL));
    queues(&a[1], &stage.targets[0][0], &stage.targets[1][0]);
    CHECK(!a[1].done);
    RemoteWant held = a[0].wants[0];
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && !a[1].done);
    remote_release(a[0].session, held.given[0], false);
    ends(&a[0]);
    joins(&a[1]);
    CHECK(a[1].ok);
    close_stage(&stage);
}

static void who_is_allowed_less_holds_up_nobody_else(void)
{
    Stage stage;
    open_stage(&stage, NULL);
    Actor *a = stage.actors;
    remote_limits(a[1].session)->connections = 1;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL));
    queues(&a[1], &stage.targets[0][0], NULL);
    CHECK(takes(&a[2], &stage.targets[0][0], NULL) && !a[1].done);
    ends(&a[0]);
    ends(&a[2]);
    joins(&a[1]);
    CHECK(a[1].ok);
    close_stage(&stage);
}

static void is_refused_mutually(Actor *actor, const char *server)
{
    char message[80];
    snprintf(message, sizeof message, "too many connections to server \"%s\"", server);
    CHECK(!actor->ok);
    CHECK_STR(actor->error.sqlstate, "53300");
    CHECK_STR(actor->error.message, message);
    CHECK(strstr(actor->error.detail, "wait in their turn") != NULL);
    CHECK(strstr(actor->error.hint, "Roll back the transaction") == actor->error.hint);
}

static void a_mutual_wait_is_refused_at_once(void)
{
    Stage stage;
    open_stage(&stage, "1");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && takes(&a[1], &stage.targets[1][0], NULL));
    remote_release(a[1].session, a[1].wants[0].given[0], false);
    queues(&a[0], &stage.targets[1][1], NULL);
    int64_t start = milliseconds();
    CHECK(!takes(&a[1], &stage.targets[0][1], NULL) && milliseconds() - start < 5000);
    is_refused_mutually(&a[1], "s");
    CHECK(!a[0].done);
    ends(&a[1]);
    joins(&a[0]);
    CHECK(a[0].ok);
    close_stage(&stage);
}

static void a_ring_of_three_is_refused_at_once(void)
{
    Stage stage;
    open_stage(&stage, "2");
    Actor *a = stage.actors;
    /* s is held by 0 and 1, t by 2 and 3; 0 and 1 want t, then 2 wants s: still 3 may end. Then 3 wants s as well. */
    CHECK(takes(&a[0], &stage.targets[0][0], NULL) && takes(&a[1], &stage.targets[0][1], NULL));
    CHECK(takes(&a[2], &stage.targets[1][0], NULL) && takes(&a[3], &stage.targets[1][1], NULL));
    remote_release(a[3].session, a[3].wants[0].given[0], false);
    queues(&a[0], &stage.targets[1][0], NULL);
    queues(&a[1], &stage.targets[1][0], NULL);
    queues(&a[2], &stage.targets[0][0], NULL);
    CHECK(!a[0].done && !a[1].done && !a[2].done);
    CHECK(!takes(&a[3], &stage.targets[0][0], NULL));
    is_refused_mutually(&a[3], "s");
    ends(&a[3]);
    joins(&a[0]);
    CHECK(a[0].ok);
    ends(&a[0]);
    joins(&a[1]);
    joins(&a[2]);
    CHECK(a[1].ok && a[2].ok);
    close_stage(&stage);
}

static void what_the_session_itself_holds_is_not_waited_for(void)
{
    Stage stage;
    open_stage(&stage, "1");
    Actor *a = stage.actors;
    CHECK(takes(&a[0], &stage.targets[0][0], NULL));
    CHECK(!takes(&a[0], &stage.targets[0][1], NULL));
    CHECK_STR(a[0].error.sqlstate, "53300");
    CHECK_STR(a[0].error.detail, "Its limit is 1; this session holds 1 and needs 1 more.");
    close_stage(&stage);
}

/* Transactions that take two servers one after the other, in either order. */
static void *transact(void *arg)
{
    Actor *actor = arg;
    const RemoteTarget *order[2] = {actor->wants[0].target, actor->wants[1].target};
    int ended = 0;
    for (int i = 0; i < 100; i++) {
        for (int step = 0; step < 2; step++) {
            RemoteWant want = {.target = order[step], .connections = 1};
            error_init(&actor->error, actor->arena);
            if (!remote_acquire(actor->session, &want, 1, true, actor->arena, &actor->error)) {
                actor->ok = actor->ok && strcmp(actor->error.sqlstate, "53300") == 0 && strstr(actor->error.detail, "in their turn");
                break;
            }
            remote_release(actor->session, want.given[0], false);
            ended += step;
        }
        remote_rollback(actor->session);
    }
    actor->done = ended > 0;
    return NULL;
}

static void transactions_over_two_servers_end_or_are_refused(void)
{
    Stage stage;
    open_stage(&stage, "2");
    Actor *a = stage.actors;
    for (int i = 0; i < SESSIONS; i++) {
        set_wants(&a[i], &stage.targets[i % 2][i / 2], &stage.targets[1 - i % 2][i / 2]);
        a[i].ok = true;
        remote_limits(a[i].session)->queue_ms = 0;
        pthread_create(&a[i].thread, NULL, transact, &a[i]);
    }
    for (int i = 0; i < SESSIONS; i++) {
        joins(&a[i]);
        CHECK(a[i].ok && a[i].done);
    }
    CHECK(most <= 4);
    close_stage(&stage);
}

int main(void)
{
    RUN(connections_are_reused);
    RUN(a_broken_or_dead_connection_is_not);
    RUN(wishes_stop_at_the_cap);
    RUN(what_can_never_be_had_is_refused_at_once);
    RUN(an_extra_connection_may_fail);
    RUN(several_connections_of_a_statement_share_a_snapshot);
    RUN(a_transaction_keeps_one_connection_and_its_snapshot);
    RUN(a_lost_snapshot_is_not_replaced);
    RUN(a_cancelled_connection_is_closed);
    RUN(changed_options_make_another_pool);
    RUN(threads_never_exceed_the_cap_nor_block_each_other);
    RUN(the_cap_is_the_servers);
    RUN(an_idle_connection_of_another_user_makes_room);
    RUN(an_idle_connection_goes_when_its_time_is_over);
    RUN(waiting_ends_when_cancelled);
    RUN(waiting_ends_with_the_queue_timeout);
    RUN(nobody_overtakes);
    RUN(who_is_waited_for_goes_first);
    RUN(who_is_allowed_less_holds_up_nobody_else);
    RUN(a_mutual_wait_is_refused_at_once);
    RUN(a_ring_of_three_is_refused_at_once);
    RUN(what_the_session_itself_holds_is_not_waited_for);
    RUN(transactions_over_two_servers_end_or_are_refused);
    return UNIT_RESULT();
}
