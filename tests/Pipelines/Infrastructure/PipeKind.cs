namespace FastBuffers.Pipelines.Tests;

public enum PipeKind
{
    /// <summary>That of System.IO.Pipelines.</summary>
    System,

    Region,
}
