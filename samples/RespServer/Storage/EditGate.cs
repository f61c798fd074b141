namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// The edits of one value that run outside the keyspace's lock, or wait there for bytes that are being sent, and the commands that wait
/// for them to end. Used under that lock.
/// </summary>
/// <remarks>
/// While a command waits, new edits of the value run under the lock, so that they are over when it is released. Nobody waits longer
/// than for the edits that were running when it came, however many follow; and an edit that itself waits gives up then.
/// </remarks>
internal sealed class EditGate
{
    private int _running;
    private int _waiting;
    private TaskCompletionSource? _ended;

    private WriteWait? _wait;

    /// <summary>Whether an edit is running or waits.</summary>
    public bool IsBusy => _running > 0;

    /// <summary>Whether an edit may begin: nobody waits.</summary>
    public bool IsOpen => _waiting == 0;

    public void Enter() => _running++;

    public void Leave()
    {
        if (--_running == 0)
        {
            _ended?.SetResult();
            _ended = null;
        }
    }

    /// <summary>Enters for an edit that waits, while no other one does.</summary>
    public void EnterWaiting(WriteWait wait)
    {
        Enter();
        _wait = wait;
    }

    public void LeaveWaiting()
    {
        _wait = null;
        Leave();
    }

    /// <summary>Has the edit that waits, if there is one, wait no longer.</summary>
    public void Hurry() => _wait?.Hurry();

    /// <summary>Completes when the edits that run now have ended. Until <see cref="EndWait"/> no other begins.</summary>
    public Task WaitAsync()
    {
        _waiting++;
        Hurry();
        _ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _ended.Task;
    }

    public void EndWait() => _waiting--;
}
