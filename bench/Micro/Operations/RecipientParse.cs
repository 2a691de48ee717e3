using System.Text.Json;
using Delivery.Mta.Jobs;

namespace Delivery.Micro.Operations;

/// <summary>One recipient's JSON into what the spool stores.</summary>
internal sealed class RecipientParse : HotOperation
{
    private readonly List<FieldError> _faults = [];

    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            using var document = JsonDocument.Parse(Samples.Recipient);
            if (RecipientParser.Parse(document.RootElement, _faults) is null)
                throw new InvalidOperationException(_faults[0].ToString());
        }
    }
}
