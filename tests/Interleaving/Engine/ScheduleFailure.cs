namespace FastBuffers.Interleaving.Engine;

/// <summary>What went wrong in one schedule, and how to see it again.</summary>
/// <param name="Message">What was violated.</param>
/// <param name="Schedule">The decisions, for <see cref="Explorer.Replay"/>.</param>
/// <param name="Trace">The accesses up to the failure, one a line.</param>
/// <param name="Cause">The exception of the scenario, if it was one.</param>
public sealed record ScheduleFailure(string Message, string Schedule, string Trace, Exception? Cause);
