using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Tests.Litmus;

/// <summary>The shared and the result variables of the litmus programs.</summary>
internal sealed class Memory
{
    public int X;
    public int Y;
    public int Turn;
    public int R0 = -1;
    public int R1 = -1;
    public int Inside;

    /// <summary>A scenario over a fresh memory.</summary>
    public static LambdaScenario<Memory> Program(string name, Action<Memory>[] programs, Action<Memory>? atEnd = null, Action<Memory>? atEveryStep = null) =>
        new(name, () => new Memory(), programs, atEnd)
        {
            AtEveryStep = atEveryStep,
            Naming = static (m, label) =>
            {
                label(ref m.X, nameof(X));
                label(ref m.Y, nameof(Y));
                label(ref m.Turn, nameof(Turn));
            },
        };
}
