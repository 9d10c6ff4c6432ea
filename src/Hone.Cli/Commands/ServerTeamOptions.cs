using System.CommandLine;
using System.Globalization;
using Hone.Tracking.Rest;

namespace Hone.Cli.Commands;

/// <summary>The options of <c>hone server</c> for a server that others reach.</summary>
internal sealed class ServerTeamOptions
{
    private const string PasswordVariable = "HONE_CERTIFICATE_PASSWORD";

    private readonly Option<bool> _open = new("--open") { Description = "Serve everybody who reaches the server, while the store has no users." };
    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "The certificate for HTTPS: a PEM file with those above it, or a PFX file. It is read again when it changes.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--key") { Description = "The PEM file of the certificate's key, if it is not in the certificate's.", HelpName = "FILE" };
    private readonly Option<string?> _password = new("--certificate-password-file")
    {
        Description = $"A file whose first line is the password of a PFX file or a key; else {PasswordVariable} has it.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _proxies = new("--proxy")
    {
        Description = "A proxy, by address or network, whose X-Forwarded-For, -Proto and -Host are believed. May be given several times.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Requests a second that one user, or one address, is answered; the default is 5000, and no limit for this machine alone.",
        HelpName = "N",
    };

    private readonly Option<string?> _audit = new("--audit")
    {
        Description = "The file for the audit log of what users do; the default is audit.jsonl beside the store.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _telemetry = new("--telemetry")
    {
        Description = "The OpenTelemetry collector to send spans and metrics to by OTLP over HTTP; OTEL_EXPORTER_OTLP_ENDPOINT works as well.",
        HelpName = "URL",
    };

    private readonly Option<double?> _grace = new("--grace")
    {
        Description = "Seconds that requests have to be answered in when the server ends; the default is 5.",
        HelpName = "SECONDS",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _open, _certificate, _key, _password, _proxies, _rate, _audit, _telemetry, _grace })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The server's options with what the command line says.</summary>
    /// <exception cref="CommandException">An option cannot be read.</exception>
    public TrackingServerOptions Apply(ParseResult parsed, TrackingServerOptions options) => options with
    {
        IsOpen = parsed.GetValue(_open),
        Certificate = Certificate(parsed),
        Proxies = parsed.GetValue(_proxies)!,
        RequestsPerSecond = Above(parsed, _rate),
        Audit = parsed.GetValue(_audit),
        Collector = Collector(parsed),
        Grace = Above(parsed, _grace) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : options.Grace,
    };

    private CertificateFiles? Certificate(ParseResult parsed)
    {
        if (parsed.GetValue(_certificate) is not { } path)
        {
            return parsed.GetValue(_key) is null && parsed.GetValue(_password) is null
                ? null
                : throw new CommandException(ExitCode.WrongInput, "--key: there is no --certificate beside it");
        }

        return new CertificateFiles(path, parsed.GetValue(_key), Password(parsed));
    }

    private string? Password(ParseResult parsed)
    {
        if (parsed.GetValue(_password) is not { } file)
        {
            return Environment.GetEnvironmentVariable(PasswordVariable);
        }

        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.WrongInput, $"--certificate-password-file: {wrong.Message}", wrong);
        }
    }

    private Uri? Collector(ParseResult parsed) => parsed.GetValue(_telemetry) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => new Uri(text!),
        var text => throw new CommandException(ExitCode.WrongInput, $"--telemetry: '{text}' is no address; expected one such as http://127.0.0.1:4318"),
    };

    private static double? Above(ParseResult parsed, Option<double?> option) => parsed.GetValue(option) switch
    {
        null => null,
        > 0 and < double.PositiveInfinity and var number => number,
        var number => throw new CommandException(
            ExitCode.WrongInput, $"{option.Name}: '{number?.ToString(CultureInfo.InvariantCulture)}' is out of range; expected a number above 0"),
    };
}
