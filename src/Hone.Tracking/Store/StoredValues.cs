using System.Buffers.Binary;
using System.Globalization;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tracking.Store;

/// <summary>How values of the domain stand in columns.</summary>
internal static class StoredValues
{
    public static ParameterValue Parameter(string text, long kind) => (ValueKind)kind switch
    {
        ValueKind.Float => ParameterValue.Of(double.Parse(text, CultureInfo.InvariantCulture)),
        ValueKind.Integer => ParameterValue.Of(long.Parse(text, CultureInfo.InvariantCulture)),
        ValueKind.Boolean => ParameterValue.Of(text == "true"),
        _ => ParameterValue.Of(text),
    };

    public static void BindDoubles(Statement statement, int parameter, IReadOnlyList<double> values)
    {
        Span<byte> bytes = stackalloc byte[values.Count <= 32 ? values.Count * sizeof(double) : 0];
        bytes = bytes.Length == values.Count * sizeof(double) ? bytes : new byte[values.Count * sizeof(double)];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[(i * sizeof(double))..], values[i]);
        }

        statement.BindBytes(parameter, bytes);
    }

    public static double[] Doubles(ReadOnlySpan<byte> bytes)
    {
        var values = new double[bytes.Length / sizeof(double)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
        }

        return values;
    }

    /// <summary>MLflow's word for a trial's state.</summary>
    public static ReadOnlySpan<byte> Status(TrialState state) => state switch
    {
        TrialState.Waiting => "SCHEDULED"u8,
        TrialState.Running => "RUNNING"u8,
        TrialState.Complete => "FINISHED"u8,
        TrialState.Failed => "FAILED"u8,
        _ => "KILLED"u8,
    };

    public static ReadOnlySpan<byte> Name(TrialState state) => state switch
    {
        TrialState.Waiting => "Waiting"u8,
        TrialState.Running => "Running"u8,
        TrialState.Complete => "Complete"u8,
        TrialState.Stopped => "Stopped"u8,
        TrialState.Failed => "Failed"u8,
        _ => "Vetoed"u8,
    };

    public static TrialState State(string name) => Enum.Parse<TrialState>(name);
}
