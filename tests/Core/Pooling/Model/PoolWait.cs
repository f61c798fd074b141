namespace FastBuffers.Tests.Pooling.Model;

/// <summary>One who waits for memory.</summary>
internal sealed record PoolWait(int Number, int Length, ValueTask<Lease> Task, CancellationTokenSource Source)
{
    /// <summary>What came of it, now that it must be over.</summary>
    internal Answer End(out Lease lease)
    {
        Assert.True(Task.IsCompleted, $"{this} still waits.");
        Lease served = default;
        Answer answer = Answers.Of(() =>
        {
            try
            {
                served = Task.GetAwaiter().GetResult();
                return true;
            }
            catch (OperationCanceledException exception) when (exception.CancellationToken == Source.Token)
            {
                return false;
            }
        });
        lease = served;
        Source.Dispose();
        return answer;
    }

    public override string ToString() => $"wait {Number}";
}
