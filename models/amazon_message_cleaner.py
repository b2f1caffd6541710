import html
import re

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from .res_partner import PLACEHOLDER_NAME

#: The fields of a contact by which a message betrays whom it is about.
TELLING_FIELDS = ("name", "street", "street2", "phone", "email", "amazon_email", "vat")
#: Shorter ones, a house number say, stand in any message.
SHORTEST_WORD = {"name": 3}
SHORTEST = 5
#: What Odoo keeps with a message besides its text.
HEADS = ("record_name", "reply_to", "email_from")
#: Tracked changes keep the old and the new value of a field here.
TRACKED = ("old_value_char", "new_value_char", "old_value_text", "new_value_text")


class AmazonMessageCleaner(models.AbstractModel):
    """Finds and empties what was written about a buyer in the chatter of records."""

    _name = "amazon.message.cleaner"
    _description = "Amazon Message Cleaner"

    @api.model
    def _words(self, partners, texts=()):
        """What nobody may find in a message any more.

        :param partners: the contacts
        :param texts: what else the buyer wrote; each line of it counts
        :rtype: set[str]
        """
        words = set()
        for partner in partners.sudo():
            words |= self._telling_values(partner, TELLING_FIELDS)
            words |= set((partner.amazon_former_words or "").splitlines())
        lines = {line.strip() for text in texts for line in text.splitlines()}
        # Notes begin with a label and a colon; people quote what comes after it.
        lines |= {line.partition(": ")[2].strip() for line in lines}
        return (words | {line for line in lines if len(line) >= SHORTEST}) - {PLACEHOLDER_NAME}

    @api.model
    def _telling_values(self, partner, names):
        """The values of such fields of a contact that are long enough to tell it from others."""
        values = {name: (partner[name] or "").strip() for name in names}
        return {value for name, value in values.items() if len(value) >= SHORTEST_WORD.get(name, SHORTEST)} - {
            PLACEHOLDER_NAME
        }

    @api.model
    def _clean(self, words):
        """Empty the messages, mails, tracked values and tasks of records that contain one of their words.

        :param dict words: words by record; the records are of one model
        :return: how many messages and tasks were emptied
        :rtype: int
        """
        patterns = {record.id: self._pattern(found) for record, found in words.items() if found}
        if not patterns:
            return 0
        model = next(iter(words))._name
        domain = [("model", "=", model), ("res_id", "in", list(patterns))]
        messages = self.env["mail.message"].sudo().search(domain)
        hits = messages.filtered(lambda message: self._is_telling(message, patterns[message.res_id]))
        hits = hits.filtered(self._may_be_emptied)
        count = len(hits)
        self._delete_mails(messages, hits, patterns)
        self._empty_messages(hits.exists())
        self._empty_heads(messages.exists(), patterns)
        self._delete_scheduled_messages(domain, patterns)
        tasks = self.env["mail.activity"].sudo().with_context(active_test=False)
        tasks = tasks.search([("res_model", "=", model), ("res_id", "in", list(patterns))]).filtered(
            lambda task: patterns[task.res_id].search(self._plain(f"{task.summary or ''} {task.note or ''}"))
        )
        tasks.write({"summary": self._deleted_text(), "note": False})
        return count + len(tasks)

    @api.model
    def _pattern(self, words):
        alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)

    @api.model
    def _is_telling(self, message, pattern):
        texts = [message.body, message.subject, message.email_from, message.reply_to]
        for value in message.tracking_value_ids:
            texts += [value[name] for name in TRACKED]
        return bool(pattern.search(self._plain(" ".join(str(text) for text in texts if text))))

    @api.model
    def _may_be_emptied(self, message):
        """Whether no audit trail, which Odoo keeps where a law demands it, needs the message."""
        try:
            message._except_audit_log()
        except UserError:
            return False
        return True

    @api.model
    def _plain(self, text):
        """A text without tags and entities, for words to be found in it."""
        return html.unescape(re.sub(r"<[^>]*>", " ", str(text)))

    @api.model
    def _delete_mails(self, messages, hits, patterns):
        """Delete what Odoo keeps of mails that failed or wait: of messages to be emptied, and what is telling itself.

        With a mail that was no answer to a document goes its message, unless an audit trail needs that.
        """

        def is_telling(mail):
            texts = " ".join(str(mail[name]) for name in ("body_html", "email_to", "email_cc") if mail[name])
            return mail.mail_message_id in hits or patterns[mail.mail_message_id.res_id].search(self._plain(texts))

        # sudo: mails are administrators' alone.
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "in", messages.ids)])
        mails = mails.filtered(is_telling)
        # Odoo deletes the message of every other mail along, and refuses both where the message has to stay.
        mails.filtered(lambda mail: not self._may_be_emptied(mail.mail_message_id)).is_notification = True
        mails.unlink()

    @api.model
    def _delete_scheduled_messages(self, domain, patterns):
        def is_telling(message):
            texts = f"{message.subject or ''} {message.body or ''}"
            return patterns[message.res_id].search(self._plain(texts))

        # sudo: they are their authors' alone.
        self.env["mail.scheduled.message"].sudo().search(domain).filtered(is_telling).unlink()

    @api.model
    def _empty_messages(self, messages):
        self.env["mail.message.translation"].sudo().search([("message_id", "in", messages.ids)]).unlink()
        messages.tracking_value_ids.unlink()
        messages.attachment_ids.unlink()
        messages.write({"body": Markup("<p>%s</p>") % self._deleted_text(), "subject": False})

    @api.model
    def _empty_heads(self, messages, patterns):
        """Odoo keeps with a message the name of its record and of whom an answer goes to."""
        for message in messages:
            telling = [name for name in HEADS if patterns[message.res_id].search(message[name] or "")]
            stored = {name: False for name in telling if message._fields[name].store}
            if stored:
                message.write(stored)

    @api.model
    def _delete_files(self, records, mimetypes=None):
        """Delete the files attached to records, such as labels and slips; all, or those of some types.

        :return: how many
        :rtype: int
        """
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids), ("res_field", "=", False)]
        if mimetypes:
            domain.append(("mimetype", "in", mimetypes))
        files = self.env["ir.attachment"].sudo().search(domain)
        count = len(files)
        files.unlink()
        return count

    @api.model
    def _deleted_text(self):
        return self.env._("Deleted, because it named an Amazon buyer.")
