using System.Buffers;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>What the registry's names and values may be.</summary>
internal static class RegistryLimits
{
    private const int LongestName = 256;
    private const int LongestTag = 100_000;
    private const int LongestText = 5_000;
    private const int LongestSource = 500;

    // What a client's address of a model, e.g. models:/NAME/VERSION, is cut at.
    private static readonly SearchValues<char> CutsUri = SearchValues.Create("/:");
    private static readonly SearchValues<char> CutsPath = SearchValues.Create("/:.%\"'");

    /// <summary>Checks the name of a registered model.</summary>
    /// <exception cref="TrackingException">It is blank, too long, or would break addresses.</exception>
    public static string ModelName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw TrackingException.Invalid("Registered model name cannot be empty.");
        }

        Limits.CheckLength(name, LongestName, "Registered model name");
        return !name.AsSpan().ContainsAny(CutsUri) && !name.Any(char.IsControl)
            ? name
            : throw TrackingException.Invalid($"Invalid name: '{name}'. Registered model name cannot contain '/' or ':'.");
    }

    /// <summary>Checks the name of a logged model.</summary>
    /// <exception cref="TrackingException">It is blank, too long, or would break paths.</exception>
    public static string LoggedModelName(string name)
    {
        Limits.CheckLength(name, LongestName, "Model name");
        return !string.IsNullOrWhiteSpace(name) && !name.AsSpan().ContainsAny(CutsPath) && !name.Any(char.IsControl)
            ? name
            : throw TrackingException.Invalid(
                $"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the following characters: "
                + "('/', ':', '.', '%', '\"', \"'\")");
    }

    /// <summary>Checks a tag.</summary>
    /// <exception cref="TrackingException">Its name is none, or it is too long.</exception>
    public static (string Key, string Value) Tag(string key, string? value)
    {
        Limits.CheckKey(key, "Tag");
        Limits.CheckLength(value ?? "", LongestTag, "Tag value");
        return (key, value ?? "");
    }

    /// <summary>Checks a description.</summary>
    /// <exception cref="TrackingException">It is too long.</exception>
    public static string? Description(string? text)
    {
        Limits.CheckLength(text ?? "", LongestText, "Description");
        return text;
    }

    /// <summary>Checks where a version's files come from, or the address of its run.</summary>
    /// <exception cref="TrackingException">It is too long.</exception>
    public static string? Address(string? text, string kind)
    {
        Limits.CheckLength(text ?? "", LongestSource, kind);
        return text;
    }
}
