namespace Hone.Tracking.Client;

/// <summary>What a line of a spool tells, as the letter that it begins with.</summary>
internal enum LineKind : byte
{
    /// <summary>Which run the spool is of; the first line.</summary>
    Run = (byte)'r',

    /// <summary>What the server calls the run.</summary>
    Known = (byte)'k',

    /// <summary>A value of a metric, as <c>log-batch</c> takes it.</summary>
    Metric = (byte)'m',

    /// <summary>A parameter, as <c>log-batch</c> takes it.</summary>
    Parameter = (byte)'p',

    /// <summary>A tag, as <c>log-batch</c> takes it.</summary>
    Tag = (byte)'t',

    /// <summary>A file, whose copy lies beside the spool.</summary>
    File = (byte)'f',

    /// <summary>The end of the run.</summary>
    End = (byte)'e',

    /// <summary>How far the server has it all.</summary>
    Sent = (byte)'s',
}
