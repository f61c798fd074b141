namespace FastBuffers.Testing;

/// <summary>
/// For tests that touch what the whole process shares (diagnostics, finalizers, allocation counters), and for races, which need both
/// cores: they run one after the other, when nothing else does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
