using Delivery.Contracts.Events;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;

namespace Delivery.Mta.Tests.Outcomes;

public sealed class BounceClassifierTests
{
    [Theory]
    [InlineData(550, 5, 1, 1, "no such user", BounceClass.InvalidRecipient)]
    [InlineData(550, 0, 0, 0, "no such user", BounceClass.InvalidRecipient)]
    [InlineData(552, 5, 2, 2, "over quota", BounceClass.MailboxFull)]
    [InlineData(452, 4, 2, 2, "over quota", BounceClass.MailboxFull)]
    [InlineData(552, 5, 3, 4, "too big", BounceClass.TooLarge)]
    [InlineData(554, 5, 7, 1, "blocked", BounceClass.MailBlock)]
    [InlineData(550, 5, 7, 1, "Relaying denied", BounceClass.RelayingDenied)]
    [InlineData(550, 5, 7, 26, "no DMARC", BounceClass.MailBlock)]
    [InlineData(451, 0, 0, 0, "try later", BounceClass.SoftBounce)]
    [InlineData(554, 0, 0, 0, "no", BounceClass.GenericBounce)]
    [InlineData(0, 0, 0, 0, "connection lost", BounceClass.Undetermined)]
    public void A_reply_has_the_class_that_its_status_says(int code, int statusClass, int subject, int detail, string text, BounceClass expected) =>
        Assert.Equal(expected, BounceClassifier.Classify(new SmtpReply((ushort)code, new EnhancedStatus((byte)statusClass, (ushort)subject, (ushort)detail), text)));
}
