namespace FastBuffers.Pipelines;

/// <summary>What a pipe refuses, in words.</summary>
internal static class PipeErrors
{
    internal static InvalidOperationException WriterCompleted() => new("The writer has been completed: nothing can be written any more.");

    internal static InvalidOperationException ReaderCompleted() => new("The reader has been completed: nothing can be read any more.");

    internal static InvalidOperationException AlreadyReading() =>
        new("A read is under way: one reader reads at a time, and ends a read with AdvanceTo before the next.");

    internal static InvalidOperationException NotReading() => new("No read is under way: AdvanceTo follows a read, once.");

    internal static InvalidOperationException Pending() => new("The operation has not completed: its result is not there yet.");

    internal static InvalidOperationException AwaitedTwice() => new("The operation is awaited already: await it once.");

    internal static InvalidOperationException PositionUnknown(string name) =>
        new($"The position '{name}' is not in what was read last: it is from an earlier read, or from elsewhere.");

    internal static InvalidOperationException ConsumedPastExamined(long consumed, long examined) =>
        new($"What is consumed has been examined: 'consumed' is {consumed - examined} bytes past 'examined'.");

    internal static InvalidOperationException NotReset() => new("A pipe is reset after both its reader and its writer have been completed.");

    internal static InvalidOperationException WindowEnded() => new("The memory has ended: ask the writer for a new one.");

    internal static ArgumentOutOfRangeException AdvancedTooFar(int bytes, int room) =>
        new(nameof(bytes), bytes, $"The number of bytes written is from 0 to the room that there is, {room}.");

    internal static ArgumentOutOfRangeException Negative(string name, int value) => new(name, value, "The number of bytes is 0 or more.");
}
