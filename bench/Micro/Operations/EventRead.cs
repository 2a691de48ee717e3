using Delivery.Contracts.Events;

namespace Delivery.Micro.Operations;

/// <summary>One event of an entry validated.</summary>
internal sealed class EventRead : HotOperation
{
    private readonly byte[] _entry;

    public EventRead()
    {
        var writer = new EntryWriter();
        for (var i = 0u; i < PerRun; i++)
            writer.Add(Samples.Delivered(i));
        _entry = writer.Written.ToArray();
    }

    public override void Run()
    {
        if (!EntryReader.TryOpen(_entry, PerRun, out var reader, out var fault))
            throw new InvalidOperationException(fault);
        while (reader.TryNext())
        {
            if (reader.Fault is not null)
                throw new InvalidOperationException(reader.Fault);
        }
    }
}
