namespace FastBuffers.Pipelines;

/// <summary>One reader of a broadcast.</summary>
/// <param name="Link">What it shares with the writer.</param>
/// <param name="Options">How far it may stay behind.</param>
internal sealed record BroadcastReader(PipeLink Link, BroadcastReaderOptions Options)
{
    internal bool Drops => Options.SlowReader != SlowReaderPolicy.Wait;
}
