namespace FastBuffers.Interleaving.Engine;

/// <summary>A scenario over one state object, told by delegates: for programs of a few lines.</summary>
/// <typeparam name="T">The shared state.</typeparam>
/// <param name="name">The name in reports.</param>
/// <param name="setup">Builds the state.</param>
/// <param name="programs">One program per thread.</param>
/// <param name="atEnd">What must hold when all have finished.</param>
public sealed class LambdaScenario<T>(string name, Func<T> setup, Action<T>[] programs, Action<T>? atEnd = null) : Scenario
    where T : class
{
    private T _state = null!;

    /// <summary>Names the locations of a fresh state.</summary>
    public Action<T, LocationNamer>? Naming { get; init; }

    /// <inheritdoc/>
    public override int Threads => programs.Length;

    /// <inheritdoc/>
    public override string Name => name;

    /// <summary>What must hold between any two steps.</summary>
    public Action<T>? AtEveryStep { get; init; }

    /// <inheritdoc/>
    public override void Setup()
    {
        _state = setup();
        Naming?.Invoke(_state, Label);
    }

    /// <inheritdoc/>
    public override void Run(int thread) => programs[thread](_state);

    /// <inheritdoc/>
    public override void CheckStep() => AtEveryStep?.Invoke(_state);

    /// <inheritdoc/>
    public override void CheckEnd() => atEnd?.Invoke(_state);
}
