using System.Globalization;
using Hone.Tracking.Filters;
using Hone.Tracking.Runs;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Filters;

/// <summary>Searches over random runs, held against the plain way and against what the runs are known to have.</summary>
public abstract class RunSearchTests(StoreKind kind) : IAsyncLifetime
{
    private const int Runs = 300;
    private static readonly string[] Orders =
        ["metrics.a", "metrics.a DESC", "metrics.b DESC", "params.p", "tags.t DESC", "start_time", "start_time DESC", "run_name", "metrics.none"];

    private readonly List<KnownRun> _known = [];
    private TemporaryStore _place = null!;
    private TrackingStore _store = null!;
    private TrackingSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _place = await TemporaryStore.NewAsync(kind);
        _store = await TrackingStore.OpenAsync(_place.Address, TimeProvider.System, CancellationToken.None);
        _session = _store.Readers.Rent();
        await _store.Writer.RunAsync(new Fill(_known));
        _store.Readers.Return(_session);
        _session = _store.Readers.Rent();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Readers.Return(_session);
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public void Every_walk_finds_what_the_plain_way_finds_page_by_page()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var query = Query(random);

            var found = RunSearch.Find(_session, query);

            Assert.True(
                RunSearch.FindPlainly(_session, query).SequenceEqual(found),
                $"seed {seed}: {string.Join(" AND ", query.Conditions.Select(c => c.ToString()))} by {string.Join(", ", query.Orders)}");
        }
    }

    [Fact]
    public void A_filter_finds_exactly_the_runs_of_which_it_is_true()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var (filter, holds) = Random(random);
            var query = Query(random) with { Conditions = Filter.Parse(filter), Offset = 0, Most = Runs };

            var found = RunSearch.Find(_session, query);

            var expected = _known.Where(run => holds(run) && (query.IsDeleted is null || run.IsDeleted == query.IsDeleted)).Select(run => run.Key);
            Assert.True(expected.Order().SequenceEqual(found.Order()), $"seed {seed}: {filter}");
        }
    }

    private static RunQuery Query(Random random)
    {
        var orders = Enumerable.Range(0, random.Next(3)).Select(_ => Order.Parse(Orders[random.Next(Orders.Length)])).ToList();
        return new RunQuery
        {
            Experiments = [0],
            Conditions = Filter.Parse(Random(random).Filter),
            Orders = orders,
            IsDeleted = random.Next(3) switch { 0 => null, 1 => true, _ => false },
            Offset = random.Next(2) == 0 ? 0 : random.Next(Runs),
            Most = random.Next(1, Runs),
        };
    }

    private static (string Filter, Func<KnownRun, bool> Holds) Random(Random random)
    {
        var (filter, holds) = One(random);
        for (var i = random.Next(3); i > 0; i--)
        {
            var (more, moreHolds) = One(random);
            var before = holds;
            filter += " AND " + more;
            holds = run => before(run) && moreHolds(run);
        }

        return (filter, holds);
    }

    // What is not there, and NaN, satisfies nothing.
    private static (string Filter, Func<KnownRun, bool> Holds) One(Random random)
    {
        var limit = random.Next(10);
        var letter = (char)('a' + random.Next(4));
        var text = limit.ToString(CultureInfo.InvariantCulture);
        return random.Next(9) switch
        {
            0 => ($"metrics.a < {text}", run => run.A < limit),
            1 => ($"metrics.a >= {text}.0", run => run.A >= limit),
            2 => ($"metrics.b = {text}", run => run.B == limit),
            3 => ($"metrics.b != {text}", run => run.B is { } b && !double.IsNaN(b) && b != limit),
            4 => ($"params.p = '{letter}'", run => run.P == $"{letter}"),
            5 => ($"params.p != '{letter}'", run => run.P is not null && run.P != $"{letter}"),
            6 => ($"tags.t ILIKE '{char.ToUpperInvariant(letter)}%'", run => run.T.StartsWith(letter)),
            7 => ($"start_time > {text}", run => run.Start > limit),
            _ => ($"run_name LIKE '%{text}'", run => run.Name.EndsWith(text, StringComparison.Ordinal)),
        };
    }

    private sealed record KnownRun(long Key, string Name, double? A, double? B, string? P, string T, long Start, bool IsDeleted);

    private sealed class Fill(List<KnownRun> known) : PendingChange
    {
        public override void Apply(TrackingSession session)
        {
            var random = new SeededRandom(11);
            for (var i = 0; i < Runs; i++)
            {
                var start = random.Next(10);
                var run = TrackedRuns.Create(session, 0, "", $"run {i}", start * TimeSpan.TicksPerMillisecond);
                var made = new KnownRun(
                    run, $"run {i}", Value(random), Value(random), random.Next(4) == 0 ? null : $"{(char)('a' + random.Next(4))}",
                    $"{(char)('a' + random.Next(4))}x", start, random.Next(5) == 0);
                Log(session, run, "a", made.A);
                Log(session, run, "b", made.B);
                RunParameters.Add(session, run, made.P is null ? [] : [("p", made.P)]);
                TrackedRuns.SetTag(session, run, "t", made.T);
                TrackedRuns.SetDeleted(session, run, made.IsDeleted, now: 1);
                known.Add(made);
            }
        }

        private static double? Value(Random random) => random.Next(6) switch { 0 => null, 1 => double.NaN, _ => random.Next(10) };

        private static void Log(TrackingSession session, long run, string name, double? value)
        {
            if (value is { } number)
            {
                RunMetrics.Log(session, run, new LoggedMetric(name, number, 1, 1));
            }
        }
    }
}

public sealed class SqliteRunSearchTests() : RunSearchTests(StoreKind.Sqlite);

public sealed class PostgresRunSearchTests() : RunSearchTests(StoreKind.Postgres);
