namespace FastBuffers.Tests.Pooling.Model;

public enum PoolOperation
{
    Rent,
    RentSensitive,
    RentAsync,
    RentOwner,
    Churn,
    Cancel,
    Trim,
    Wait,
    EndThread,
    DisposePool,
    Release,
    Downgrade,
    Upgrade,
    Share,
    Split,
    Join,
    Freeze,
    Resize,
    Write,
    Look,
    Pin,
    Take,
    Retire,
}
