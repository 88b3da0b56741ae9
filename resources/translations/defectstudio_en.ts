<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
    <context>
        <name>AgreementPage</name>
        <message numerus="yes">
            <source>%Ln contested</source>
            <translation>
                <numerusform>%Ln contested</numerusform>
                <numerusform>%Ln contested</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookDesk</name>
        <message numerus="yes">
            <source>%Ln entry(s) proposed for the book</source>
            <translation>
                <numerusform>%Ln entry proposed for the book</numerusform>
                <numerusform>%Ln entries proposed for the book</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Budget</name>
        <message numerus="yes">
            <source>%Ln more mask(s) are worth about {0} {1} ({2} to {3}).</source>
            <translation>
                <numerusform>%Ln more mask is worth about {0} {1} ({2} to {3}).</numerusform>
                <numerusform>%Ln more masks are worth about {0} {1} ({2} to {3}).</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BudgetChart</name>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln mask</numerusform>
                <numerusform>%Ln masks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BudgetPage</name>
        <message numerus="yes">
            <source>%Ln more training(s) with another number of masks are needed for a curve. Draw some masks, then press Ctrl+T; only figures on images that trained no run count.</source>
            <translation>
                <numerusform>%Ln more training with another number of masks is needed for a curve. Draw some masks, then press Ctrl+T; only figures on images that trained no run count.</numerusform>
                <numerusform>%Ln more trainings with other numbers of masks are needed for a curve. Draw some masks, then press Ctrl+T; only figures on images that trained no run count.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln run(s) trained otherwise are left out.</source>
            <translation>
                <numerusform>%Ln run trained otherwise is left out.</numerusform>
                <numerusform>%Ln runs trained otherwise are left out.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Measured on %Ln held-out image(s); intervals hold 90 %.</source>
            <translation>
                <numerusform>Measured on %Ln held-out image; intervals hold 90 %.</numerusform>
                <numerusform>Measured on %Ln held-out images; intervals hold 90 %.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ContestedSection</name>
        <message numerus="yes">
            <source>%Ln contested patch(es)</source>
            <translation>
                <numerusform>%Ln contested patch</numerusform>
                <numerusform>%Ln contested patches</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Gallery</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>GalleryModel</name>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation>
                <numerusform>%Ln note</numerusform>
                <numerusform>%Ln notes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>History</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HistoryDesk</name>
        <message numerus="yes">
            <source>Take back the %Ln step(s) after this one?</source>
            <translation>
                <numerusform>Take back the %Ln step after this one?</numerusform>
                <numerusform>Take back the %Ln steps after this one?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message numerus="yes">
            <source>&amp;Import %Ln image(s)</source>
            <translation>
                <numerusform>&amp;Import %Ln image</numerusform>
                <numerusform>&amp;Import %Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportReport</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>… and %Ln more.</source>
            <translation>
                <numerusform>… and %Ln more.</numerusform>
                <numerusform>… and %Ln more.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LookDesk</name>
        <message numerus="yes">
            <source>%Ln answer(s) differ from before</source>
            <translation>
                <numerusform>%Ln answer differs from before</numerusform>
                <numerusform>%Ln answers differ from before</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln second look(s) done</source>
            <translation>
                <numerusform>%Ln second look done</numerusform>
                <numerusform>%Ln second looks done</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LookPage</name>
        <message numerus="yes">
            <source>%Ln image(s) left. What was said of them before is not shown.</source>
            <translation>
                <numerusform>%Ln image left. What was said of it before is not shown.</numerusform>
                <numerusform>%Ln images left. What was said of them before is not shown.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MapView</name>
        <message numerus="yes">
            <source>%Ln chosen in the list</source>
            <translation>
                <numerusform>%Ln chosen in the list</numerusform>
                <numerusform>%Ln chosen in the list</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Mentor</name>
        <message numerus="yes">
            <source>%Ln decision(s)</source>
            <translation>
                <numerusform>%Ln decision</numerusform>
                <numerusform>%Ln decisions</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s)</source>
            <translation>
                <numerusform>%Ln file</numerusform>
                <numerusform>%Ln files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln more until the next training</source>
            <translation>
                <numerusform>%Ln more until the next training</numerusform>
                <numerusform>%Ln more until the next training</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln waiting</source>
            <translation>
                <numerusform>%Ln waiting</numerusform>
                <numerusform>%Ln waiting</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MineDesk</name>
        <message numerus="yes">
            <source>%Ln beyond the limit</source>
            <translation>
                <numerusform>%Ln beyond the limit</numerusform>
                <numerusform>%Ln beyond the limit</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln detection(s)</source>
            <translation>
                <numerusform>%Ln detection</numerusform>
                <numerusform>%Ln detections</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln file(s) still being written.</source>
            <translation>
                <numerusform>%Ln file still being written.</numerusform>
                <numerusform>%Ln files still being written.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln seen before in the same picture</source>
            <translation>
                <numerusform>%Ln seen before in the same picture</numerusform>
                <numerusform>%Ln seen before in the same picture</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Watching: %Ln image(s) looked through so far.</source>
            <translation>
                <numerusform>Watching: %Ln image looked through so far.</numerusform>
                <numerusform>Watching: %Ln images looked through so far.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MoreSettings</name>
        <message numerus="yes">
            <source>%Ln changed</source>
            <translation>
                <numerusform>%Ln changed</numerusform>
                <numerusform>%Ln changed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message numerus="yes">
            <source>%Ln epoch(s)</source>
            <translation>
                <numerusform>%Ln epoch</numerusform>
                <numerusform>%Ln epochs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln mask</numerusform>
                <numerusform>%Ln masks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueDesk</name>
        <message numerus="yes">
            <source>%Ln image(s) came since and have no score.</source>
            <translation>
                <numerusform>%Ln image came since and has no score.</numerusform>
                <numerusform>%Ln images came since and have no score.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln mask(s) came since.</source>
            <translation>
                <numerusform>%Ln mask came since.</numerusform>
                <numerusform>%Ln masks came since.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Nothing is scored yet. Scoring trains %Ln model(s) as set up in the Train panel, each without a part of the images, and asks it about that part.</source>
            <translation>
                <numerusform>Nothing is scored yet. Scoring trains %Ln model as set up in the Train panel, without a part of the images, and asks it about that part.</numerusform>
                <numerusform>Nothing is scored yet. Scoring trains %Ln models as set up in the Train panel, each without a part of the images, and asks it about that part.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueList</name>
        <message numerus="yes">
            <source>Queue: %Ln training(s)</source>
            <translation>
                <numerusform>Queue: %Ln training</numerusform>
                <numerusform>Queue: %Ln trainings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueuePage</name>
        <message numerus="yes">
            <source>%Ln segmented so far</source>
            <translation>
                <numerusform>%Ln segmented so far</numerusform>
                <numerusform>%Ln segmented so far</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln skipped</source>
            <translation>
                <numerusform>%Ln skipped</numerusform>
                <numerusform>%Ln skipped</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln waiting</source>
            <translation>
                <numerusform>%Ln waiting</numerusform>
                <numerusform>%Ln waiting</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RefineDesk</name>
        <message numerus="yes">
            <source>The dense map changed %Ln image(s)</source>
            <translation>
                <numerusform>The dense map changed %Ln image</numerusform>
                <numerusform>The dense map changed %Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RefineJobs</name>
        <message numerus="yes">
            <source>%Ln image(s) as they were at the start</source>
            <translation>
                <numerusform>%Ln image as it was at the start</numerusform>
                <numerusform>%Ln images as they were at the start</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RefinePage</name>
        <message numerus="yes">
            <source>%Ln ticked</source>
            <translation>
                <numerusform>%Ln ticked</numerusform>
                <numerusform>%Ln ticked</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Replay</name>
        <message numerus="yes">
            <source>%Ln centre(s) moved</source>
            <translation>
                <numerusform>%Ln centre moved</numerusform>
                <numerusform>%Ln centres moved</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation>
                <numerusform>%Ln note</numerusform>
                <numerusform>%Ln notes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln step(s)</source>
            <translation>
                <numerusform>%Ln step</numerusform>
                <numerusform>%Ln steps</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ResultsPanel</name>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln mask</numerusform>
                <numerusform>%Ln masks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RunsDesk</name>
        <message numerus="yes">
            <source>%Ln deleted run(s) removed from disk.</source>
            <translation>
                <numerusform>%Ln deleted run removed from disk.</numerusform>
                <numerusform>%Ln deleted runs removed from disk.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln run(s) deleted. Undo brings them back.</source>
            <translation>
                <numerusform>%Ln run deleted. Undo brings it back.</numerusform>
                <numerusform>%Ln runs deleted. Undo brings them back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Remove %Ln deleted run(s) from disk?</source>
            <translation>
                <numerusform>Remove %Ln deleted run from disk?</numerusform>
                <numerusform>Remove %Ln deleted runs from disk?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Sheet</name>
        <message numerus="yes">
            <source>%Ln chosen</source>
            <translation>
                <numerusform>%Ln chosen</numerusform>
                <numerusform>%Ln chosen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SuspectsPage</name>
        <message numerus="yes">
            <source>%Ln tag(s) in doubt, the worst first</source>
            <translation>
                <numerusform>%Ln tag in doubt</numerusform>
                <numerusform>%Ln tags in doubt, the worst first</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TrainDesk</name>
        <message numerus="yes">
            <source>%Ln training(s) still wait in the queue of this project.</source>
            <translation>
                <numerusform>%Ln training still waits in the queue of this project.</numerusform>
                <numerusform>%Ln trainings still wait in the queue of this project.</numerusform>
            </translation>
        </message>
    </context>
</TS>
