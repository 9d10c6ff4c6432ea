using System.Globalization;

namespace Hone.Analysis.Comparing;

/// <summary>Turns studies into blocks with one finite score a model, or says what is missing.</summary>
internal sealed class BlockTable
{
    private const int MostTold = 5;
    private readonly ComparisonOptions _options;
    private readonly Dictionary<(string Model, string Data), Contender> _contenders = [];
    private readonly List<(string Name, double[] Scores)> _rows = [];
    private readonly List<string> _dropped = [];

    /// <exception cref="StudyComparisonException">The studies cannot be compared.</exception>
    public BlockTable(IReadOnlyList<Contender> contenders, ComparisonOptions options)
    {
        _options = options;
        Models = [.. contenders.Select(contender => contender.Model).Distinct(StringComparer.Ordinal)];
        Data = [.. contenders.Select(contender => contender.Data).Distinct(StringComparer.Ordinal)];
        if (Models.Count < 2)
        {
            throw new StudyComparisonException(contenders.Count == 0
                ? "there is no study to compare"
                : $"there is only one model, '{Models[0]}': two or more are needed to compare");
        }

        Place(contenders);
        CheckMetric(contenders);
        DropIncompleteData();
        foreach (var data in Data)
        {
            CheckEvaluation([.. Models.Select(model => _contenders[(model, data)])]);
        }

        Kind = Data.Count == 1 ? BlockKind.Folds : options.FoldsAsBlocks ? BlockKind.FoldsOfDataSets : BlockKind.DataSets;
        foreach (var data in Data)
        {
            AddRows(data);
        }

        DropIncompleteRows();
    }

    public BlockKind Kind { get; }

    public IReadOnlyList<string> Models { get; }

    public IReadOnlyList<string> Data { get; private set; }

    /// <summary>The studies that count, a row a data set with one a model.</summary>
    public IReadOnlyList<Contender> Contenders => [.. Data.SelectMany(data => Models.Select(model => _contenders[(model, data)]))];

    /// <summary>A name and a score a model.</summary>
    public IReadOnlyList<(string Name, double[] Scores)> Rows => _rows;

    /// <summary>What was left out, in words.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    private void Place(IReadOnlyList<Contender> contenders)
    {
        foreach (var contender in contenders)
        {
            if (!_contenders.TryAdd((contender.Model, contender.Data), contender))
            {
                var other = _contenders[(contender.Model, contender.Data)];
                throw new StudyComparisonException(
                    $"'{other.Study}' and '{contender.Study}' are both '{contender.Model}' on '{contender.Data}'. Leave one out, or call one of the models something else.");
            }
        }
    }

    private void CheckMetric(IReadOnlyList<Contender> contenders)
    {
        if (contenders.Any(contender => contender.Best is not null) && !contenders.Any(contender => contender.Has(_options.Metric)))
        {
            string[] names = [.. contenders.SelectMany(c => c.Best?.Metrics ?? []).Select(m => m.Metric)
                .Where(name => !name.StartsWith("fold_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            throw new StudyComparisonException(
                $"no best trial has the metric '{_options.Metric}'"
                + (Spelling.Nearest(_options.Metric, names) is { } nearest ? $"; did you mean '{nearest}'?" : $"; they have {string.Join(", ", names.Take(12))}"));
        }
    }

    private void DropIncompleteData()
    {
        var problems = Data.Select(data => (Data: data, Lacks: Models.Select(model => Lack(model, data)).OfType<string>().ToArray()))
            .Where(entry => entry.Lacks.Length > 0).ToArray();
        if (problems.Length > 0 && !_options.CompleteOnly)
        {
            throw Incomplete([.. problems.SelectMany(entry => entry.Lacks)]);
        }

        foreach (var (data, lacks) in problems)
        {
            _dropped.Add($"'{data}' is left out: {string.Join("; ", lacks)}");
        }

        Data = [.. Data.Except(problems.Select(entry => entry.Data))];
        if (Data.Count == 0)
        {
            throw new StudyComparisonException($"no data set has a score of every model: {string.Join("; ", problems.SelectMany(entry => entry.Lacks).Take(MostTold))}");
        }
    }

    // Why a model cannot be placed on a data set at all; null if it can.
    private string? Lack(string model, string data) =>
        !_contenders.TryGetValue((model, data), out var contender) ? $"there is no study of '{model}' on '{data}'"
        : contender.Best is null ? $"no trial of '{contender.Study}' is complete, within the constraints and finite"
        : !contender.Has(_options.Metric) ? $"the best trial of '{contender.Study}' has no '{_options.Metric}'"
        : null;

    private static StudyComparisonException Incomplete(string[] lacks)
    {
        var shown = string.Join("; ", lacks.Take(MostTold)) + (lacks.Length > MostTold ? string.Create(CultureInfo.InvariantCulture, $"; and {lacks.Length - MostTold} more") : "");
        return new StudyComparisonException($"every model needs a score on every block: {shown}. Add what is missing, or leave incomplete blocks out with --complete-only.");
    }

    // Folds with the same number have the same rows only if they were made alike.
    private static void CheckEvaluation(Contender[] contenders)
    {
        var known = contenders.Where(contender => contender.Evaluation.Count > 0).ToArray();
        foreach (var other in known.Skip(1))
        {
            foreach (var (setting, value) in known[0].Evaluation)
            {
                if (other.Evaluation.GetValueOrDefault(setting, "") is var its && its != value)
                {
                    throw new StudyComparisonException(
                        $"'{known[0].Study}' and '{other.Study}' are not judged by the same rows of '{other.Data}': {setting} is {Shown(value)} and {Shown(its)}. Compare studies that part the rows alike.");
                }
            }
        }
    }

    private static string Shown(string value) => value.Length == 0 ? "nothing" : value;

    private void AddRows(string data)
    {
        Contender[] contenders = [.. Models.Select(model => _contenders[(model, data)])];
        double[][] folds = [.. contenders.Select(contender => contender.FoldScores(_options.Metric))];
        if (Kind == BlockKind.DataSets || Array.TrueForAll(folds, scores => scores.Length == 0))
        {
            _rows.Add((data, [.. contenders.Select((contender, i) => contender.Score(_options.Metric) is var whole && !double.IsNaN(whole) || folds[i].Length == 0
                ? whole
                : folds[i].Average())]));
            return;
        }

        var most = folds.Max(scores => scores.Length);
        if (Array.FindIndex(folds, scores => scores.Length != most) is >= 0 and var odd)
        {
            var full = Array.FindIndex(folds, scores => scores.Length == most);
            throw new StudyComparisonException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{contenders[full].Study}' has '{_options.Metric}' of {most} folds and '{contenders[odd].Study}' of {folds[odd].Length}: they are not judged by the same rows of '{data}'. Tune both with the same folds."));
        }

        for (var fold = 0; fold < most; fold++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"fold {fold + 1}");
            _rows.Add((Data.Count == 1 ? name : $"{data} {name}", [.. folds.Select(scores => scores[fold])]));
        }
    }

    private void DropIncompleteRows()
    {
        var lacks = _rows.SelectMany(row => row.Scores.Select((score, j) => (row.Name, Model: Models[j], Score: score)))
            .Where(cell => !double.IsFinite(cell.Score))
            .Select(cell => (cell.Name, Text: string.Create(CultureInfo.InvariantCulture, $"the '{_options.Metric}' of '{cell.Model}' on {cell.Name} is {cell.Score}"))).ToArray();
        if (lacks.Length > 0 && !_options.CompleteOnly)
        {
            throw Incomplete([.. lacks.Select(lack => lack.Text)]);
        }

        _dropped.AddRange(lacks.GroupBy(lack => lack.Name, lack => lack.Text).Select(row => $"{row.Key} is left out: {string.Join("; ", row)}"));
        _rows.RemoveAll(row => row.Scores.Any(score => !double.IsFinite(score)));
        if (_rows.Count == 0)
        {
            throw new StudyComparisonException($"no block has a finite score of every model: {string.Join("; ", lacks.Take(MostTold).Select(lack => lack.Text))}");
        }
    }
}
