namespace Hone.Cli.Commands.Runs;

/// <summary>Names of options and variables whose values nobody should keep.</summary>
internal static class SecretNames
{
    private static readonly string[] Parts = ["token", "secret", "passw", "passphrase", "credential", "apikey", "accesskey", "privatekey", "auth"];

    /// <summary>Whether a name reads like that of a secret, such as <c>--api-key</c> or <c>WANDB_API_KEY</c>.</summary>
    public static bool Has(string name)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Array.Exists(Parts, part => plain.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>A command line in which the values of such options are stars.</summary>
    public static IReadOnlyList<string> Masked(IReadOnlyList<string> command)
    {
        var masked = command.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            var end = masked[i].IndexOf('=', StringComparison.Ordinal);
            if (end > 0 && Has(masked[i][..end]))
            {
                masked[i] = masked[i][..(end + 1)] + "***";
            }
            else if (masked[i].StartsWith('-') && end < 0 && Has(masked[i]) && i + 1 < masked.Length && !masked[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                masked[++i] = "***";
            }
        }

        return masked;
    }
}
