using FastBuffers.Locking;

namespace FastBuffers.Testing;

internal static class Answers
{
    /// <summary>What comes of an operation; an exception that none may throw goes on.</summary>
    internal static Answer Of(Func<bool> operation) => Of(operation, out _);

    internal static Answer Of(Func<bool> operation, out BufferConflictException? conflict)
    {
        conflict = null;
        try
        {
            return operation() ? Answer.Ok : Answer.Refused;
        }
        catch (ArgumentOutOfRangeException)
        {
            return Answer.BadArgument;
        }
        catch (ObjectDisposedException)
        {
            return Answer.Dead;
        }
        catch (BufferConflictException exception)
        {
            conflict = exception;
            return Answer.Conflict;
        }
        catch (BufferException)
        {
            return Answer.Unsupported;
        }
    }
}
