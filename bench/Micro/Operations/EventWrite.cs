using Delivery.Contracts.Events;

namespace Delivery.Micro.Operations;

/// <summary>One event packed into an entry.</summary>
internal sealed class EventWrite : HotOperation
{
    private readonly EntryWriter _writer = new(128 << 10);

    public override void Run()
    {
        _writer.Clear();
        for (var i = 0u; i < PerRun; i++)
            _writer.Add(Samples.Delivered(i));
    }
}
