using System.Globalization;

namespace FastBuffers.Interleaving.Engine;

/// <summary>What an exploration did.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Schedules">Schedules that ran to their end.</param>
/// <param name="Cut">Schedules that ended in a state visited before, whose continuations had run or were about to.</param>
/// <param name="Steps">Decisions taken over all schedules, replayed prefixes included.</param>
/// <param name="States">States in which there was a choice, each counted once; 0 for schedules by chance.</param>
/// <param name="Complete">Whether every schedule within the options was explored.</param>
/// <param name="Failure">The first failure, or null.</param>
public sealed record ExplorationResult(string Scenario, long Schedules, long Cut, long Steps, long States, bool Complete, ScheduleFailure? Failure)
{
    /// <summary>Throws unless everything was explored and nothing failed.</summary>
    /// <returns>This result.</returns>
    public ExplorationResult Verify()
    {
        if (Failure is not null)
        {
            throw new ExplorationFailedException(ToString(), Failure.Cause);
        }

        return Complete ? this : throw new ExplorationFailedException(ToString(), null);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string counts = string.Create(
            CultureInfo.InvariantCulture, $"{Scenario}: {Schedules} schedules, {Cut} cut, {Steps} steps, {States} states{(Complete ? "" : ", INCOMPLETE")}");
        return Failure is null
            ? counts
            : $"{counts}\n{Failure.Message}\nschedule: \"{Failure.Schedule}\"\n{Failure.Trace}{Failure.Cause}";
    }
}
