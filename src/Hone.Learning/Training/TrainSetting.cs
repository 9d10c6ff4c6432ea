namespace Hone.Learning.Training;

/// <summary>One thing that can be said about a training: an option of <c>hone train</c>, or a parameter of a study that uses a learner.</summary>
public sealed class TrainSetting
{
    private readonly Func<TrainOptions, string, TrainOptions?> _apply;

    internal TrainSetting(string name, string expects, string meaning, Func<TrainOptions, string, TrainOptions?> apply)
    {
        Name = name;
        Expects = expects;
        Meaning = meaning;
        _apply = apply;
    }

    /// <summary>Name in a study file, such as <c>batch_size</c>.</summary>
    public string Name { get; }

    /// <summary>Name on the command line, such as <c>--batch-size</c>.</summary>
    public string Option => "--" + Name.Replace('_', '-');

    /// <summary>Which values are allowed, in words, such as <c>a whole number from 1 up</c>.</summary>
    public string Expects { get; }

    /// <summary>What it does, with its default, in one line for a help text.</summary>
    public string Meaning { get; }

    /// <summary>Whether a value is allowed, whatever the others are.</summary>
    public bool Accepts(string value) => _apply(TrainSettings.Blank, value) is not null;

    /// <summary>The options with this one set.</summary>
    /// <exception cref="TrainOptionsException">The value is not allowed.</exception>
    public TrainOptions Apply(TrainOptions options, string value)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(value);
        return _apply(options, value)
            ?? throw new TrainOptionsException($"{Option}: '{value}' is not {Expects}.");
    }
}
