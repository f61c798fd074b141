namespace FastBuffers.Tests.Pooling.Budget;

[Collection(ProcessWide.Name)]
public sealed class ByteBudgetTests
{
    [Fact]
    public void What_is_charged_is_charged_until_it_is_released()
    {
        var budget = new ByteBudget(100);

        Assert.True(budget.TryCharge(60));
        Assert.True(budget.TryCharge(40));
        Assert.Equal((100, 100), (budget.Charged, budget.MaxBytes));
        budget.Release(70);
        budget.Release(30);

        Assert.Equal(0, budget.Charged);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_changes_nothing()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryCharge(60));

        Assert.False(budget.TryCharge(41));
        Assert.False(budget.TryCharge(long.MaxValue));

        Assert.Equal((60, 60), (budget.Charged, budget.Peak));
        Assert.True(budget.TryCharge(40));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_budget_may_be_empty_or_without_limit(long maxBytes)
    {
        var budget = new ByteBudget(maxBytes);

        Assert.True(budget.TryCharge(0));
        Assert.True(budget.TryCharge(maxBytes));
        Assert.False(budget.TryCharge(1));
        Assert.False(budget.TryCharge(long.MaxValue));

        budget.Release(maxBytes);
        Assert.Equal((0, maxBytes), (budget.Charged, budget.Peak));
    }

    [Fact]
    public void Releasing_what_is_not_charged_throws_and_changes_nothing()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryCharge(10));

        Assert.Throws<InvalidOperationException>(() => budget.Release(11));
        Assert.Throws<InvalidOperationException>(() => budget.Release(long.MaxValue));

        Assert.Equal(10, budget.Charged);
    }

    [Fact]
    public void Negative_numbers_are_refused()
    {
        var budget = new ByteBudget(100);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteBudget(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => budget.TryCharge(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => budget.Release(-1));
        Assert.Equal(0, budget.Charged);
    }

    [Fact]
    public void The_peak_stays_when_the_charges_go()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryCharge(30));
        Assert.True(budget.TryCharge(50));
        budget.Release(80);
        Assert.True(budget.TryCharge(79));

        Assert.Equal(80, budget.Peak);
    }

    [Fact]
    public void No_race_brings_the_sum_over_the_limit_or_loses_a_byte()
    {
        const long Limit = 1_000;
        var budget = new ByteBudget(Limit);
        long over = 0;

        Race.Run(
        [
            .. Enumerable.Range(0, 4).Select(seed => (Action)(() =>
            {
                var random = new Random(seed);
                for (int i = 0; i < 50_000; i++)
                {
                    long bytes = random.NextInt64(Limit / 2);
                    if (budget.TryCharge(bytes))
                    {
                        Interlocked.Add(ref over, budget.Charged > Limit || budget.Peak < bytes ? 1 : 0);
                        budget.Release(bytes);
                    }
                }
            })),
        ]);

        Assert.Equal(0, over);
        Assert.Equal(0, budget.Charged);
        Assert.InRange(budget.Peak, 1, Limit);
    }
}
