using Hone.Cli.Commands.Runs;

namespace Hone.Cli.Tests.Commands;

/// <summary>What is read from the command line of a tracked command.</summary>
public sealed class TrackedCommandTests
{
    [Theory]
    [InlineData("train.py --rate 0.1 --depth=3 --fast --out -", "rate=0.1 depth=3 fast=true out=-")]
    [InlineData("train.py --low -0.5 --verbose -v --name x", "low=-0.5 verbose=true name=x")]
    [InlineData("train.py --api-key abc --token=1 --password p --rate 1", "rate=1")]
    [InlineData("train.py --rate 1 --rate 2 -- --x=y --bad/name 3", "rate=2 x=y")]
    [InlineData("train.py", "")]
    public void Long_options_are_parameters_and_secrets_are_not(string command, string expected) => Assert.Equal(
        expected, string.Join(' ', CommandParameters.Parse(["python", .. command.Split(' ')]).Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("train --api-key abc --rate 1", "train --api-key *** --rate 1")]
    [InlineData("train --hf-token=abc WANDB_API_KEY=abc x=1", "train --hf-token=*** WANDB_API_KEY=*** x=1")]
    [InlineData("train --use-auth --rate 1", "train --use-auth --rate 1")]
    public void Secrets_of_a_command_line_are_stars(string command, string expected) =>
        Assert.Equal(expected.Split(' '), SecretNames.Masked(command.Split(' ')));
}
