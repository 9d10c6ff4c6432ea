using System.Runtime.CompilerServices;

namespace Hone.Learning.Tests;

/// <summary>Compares a text that people or programs read with the approved one, which lies beside the test as <c>NAME.approved.txt</c>.</summary>
/// <remarks>Where they differ, what came lies beside it as <c>NAME.received.txt</c>: look at the difference, and rename it if it is right.</remarks>
internal static class Approved
{
    public static void Is(string name, string received, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, name + ".approved.txt");
        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        received = received.ReplaceLineEndings("\n");
        if (approved != received)
        {
            File.WriteAllText(path.Replace(".approved.", ".received.", StringComparison.Ordinal), received);
        }

        Assert.Equal(approved, received);
    }
}
