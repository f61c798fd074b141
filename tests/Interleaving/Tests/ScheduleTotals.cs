using FastBuffers.Interleaving.Engine;

[assembly: AssemblyFixture(typeof(FastBuffers.Interleaving.Tests.ScheduleTotals))]

namespace FastBuffers.Interleaving.Tests;

/// <summary>Says at the end of the run how many schedules it took.</summary>
public sealed class ScheduleTotals : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Console.Out.WriteLine(
        $"Explored {Explorer.TotalExplorations} scenarios in {Explorer.TotalSchedules} schedules that ran to their end.");
}
