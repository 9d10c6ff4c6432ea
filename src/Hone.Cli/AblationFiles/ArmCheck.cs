using Hone.Ablation;
using Hone.Cli.StudyFiles;
using Hone.Learning.Networks;

namespace Hone.Cli.AblationFiles;

/// <summary>Checks before the first trial that the network of every arm fits together.</summary>
internal static class ArmCheck
{
    /// <summary>Builds the description of every arm's network.</summary>
    /// <exception cref="AblationPlanException">An arm's network does not fit together, or takes out its first or last layer.</exception>
    public static void Networks(AblationPlan plan, Training training)
    {
        if (training is not LearnerTraining learner)
        {
            return;
        }

        foreach (var (arm, place) in plan.Arms.Select((arm, place) => (arm, place)))
        {
            var configuration = plan.Configuration(place, 0);
            string Value(string name) => configuration.TryGet(name, out var value) ? value.ToString()
                : learner.Settings.FirstOrDefault(setting => setting.Key == name).Value ?? "";
            if (Value("learner") != "network" || Value("model").Length == 0)
            {
                return;
            }

            try
            {
                NetworkReader.Read(Path.GetFullPath(Value("model"), learner.Directory))
                    .Without(Value("without").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            }
            catch (Exception wrong) when (wrong is NetworkException or StudyFileException)
            {
                throw new AblationPlanException($"Without '{arm.Name}': {wrong.Message}");
            }
        }
    }
}
